package io.proactor.benchmarks.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Netty: one event loop for listener and connections, the pooled allocator (which costs it less
 * than the adaptive one with large messages), writes flushed at the end of each batch of reads.
 */
final class NettyEcho implements EchoServer {

    private static final short BUFFER_GROUP = 1;

    private final IoHandlerFactory handler;
    private final Class<? extends ServerChannel> type;
    private final boolean bufferRing;

    NettyEcho(String transport) {
        bufferRing = transport.equals("io_uring");
        switch (transport) {
            case "nio" -> {
                handler = NioIoHandler.newFactory();
                type = NioServerSocketChannel.class;
            }
            case "epoll" -> {
                handler = EpollIoHandler.newFactory();
                type = EpollServerSocketChannel.class;
            }
            case "io_uring" -> {
                handler = IoUringIoHandler.newFactory(withBufferRing());
                type = IoUringServerSocketChannel.class;
            }
            default -> throw new IllegalArgumentException("No such transport: " + transport);
        }
    }

    /** 2 MB of buffers, as much as our own and C's servers take: it should stay in the cache. */
    private static IoUringIoHandlerConfig withBufferRing() {
        IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
        config.setBufferRingConfig(IoUringBufferRingConfig.builder()
                .bufferGroupId(BUFFER_GROUP)
                .bufferRingSize((short) 128)
                .batchSize(32)
                .allocator(new IoUringFixedBufferRingAllocator(BUFFER_BYTES))
                .build());
        return config;
    }

    @Override
    public int start() throws InterruptedException {
        Echo echo = new Echo();
        Channel listener = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, handler))
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (bufferRing) {
                            channel.config().setOption(
                                    IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
                        }
                        channel.pipeline().addLast(echo);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync().channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            SlowRequest.serve(((ByteBuf) message).readableBytes());
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
