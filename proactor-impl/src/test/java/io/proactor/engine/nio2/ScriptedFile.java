package io.proactor.engine.nio2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file that answers reads at a position as a test says, and nothing else. */
final class ScriptedFile extends FileChannel {

    /** What a read does. */
    interface Script {
        int read(ByteBuffer target, long position) throws IOException;
    }

    private final Script script;

    ScriptedFile(Script script) {
        this.script = script;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return script.read(target, position);
    }

    private static UnsupportedOperationException unexpected() {
        return new UnsupportedOperationException("only reads at a position are expected");
    }

    @Override
    public int read(ByteBuffer target) {
        throw unexpected();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw unexpected();
    }

    @Override
    public int write(ByteBuffer source) {
        throw unexpected();
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw unexpected();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw unexpected();
    }

    @Override
    public long position() {
        throw unexpected();
    }

    @Override
    public FileChannel position(long position) {
        throw unexpected();
    }

    @Override
    public long size() {
        throw unexpected();
    }

    @Override
    public FileChannel truncate(long size) {
        throw unexpected();
    }

    @Override
    public void force(boolean metaData) {
        throw unexpected();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw unexpected();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw unexpected();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw unexpected();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw unexpected();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw unexpected();
    }

    @Override
    protected void implCloseChannel() {
        // There is nothing to close.
    }
}
