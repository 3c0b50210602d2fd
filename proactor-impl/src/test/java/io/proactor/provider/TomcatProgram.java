package io.proactor.provider;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat with its NIO.2 connector, as anybody embeds it, and clients that are not NIO.2. It says
 * what came of each, line by line; {@link TomcatTest} reads that. Neither names this library.
 */
final class TomcatProgram {

    /** What the silent client is given, on a connector of its own; and what all others are. */
    private static final int SILENCE_MILLIS = 700;
    private static final int PATIENCE_MILLIS = 20_000;

    private static final int CLIENTS = 16;
    private static final int REQUESTS = 40;
    private static final int LARGE_BYTES = 12_000_000;

    private final URI uri;
    private final int port;
    private final int impatientPort;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .build();

    private TomcatProgram(int port, int impatientPort) {
        this.port = port;
        this.impatientPort = impatientPort;
        uri = URI.create("http://127.0.0.1:" + port);
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        Connector connector = connector(PATIENCE_MILLIS);
        tomcat.setConnector(connector);
        Connector impatient = connector(SILENCE_MILLIS);
        tomcat.getService().addConnector(impatient);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "echo", new Echo()).addMapping("/echo");
        Wrapper later = Tomcat.addServlet(context, "later", new Later());
        later.setAsyncSupported(true);
        later.addMapping("/later");
        tomcat.start();
        try {
            new TomcatProgram(connector.getLocalPort(), impatient.getLocalPort()).run();
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
        System.out.println("stopped");
    }

    private static Connector connector(int timeoutMillis) {
        Connector connector = new Connector("org.apache.coyote.http11.Http11Nio2Protocol");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("connectionTimeout", "" + timeoutMillis);
        connector.setProperty("maxKeepAliveRequests", "-1");
        return connector;
    }

    private void run() throws Exception {
        byte[] small = bytes(1_000, 1);
        System.out.println("small " + echoes("/echo", small, false));
        byte[] large = bytes(LARGE_BYTES, 2);
        System.out.println("large " + echoes("/echo", large, false));
        System.out.println("chunked " + echoes("/echo", large, true));
        System.out.println("async " + echoes("/later", bytes(300_000, 3), false));
        System.out.println("concurrent " + concurrent());
        System.out.println("keep-alive " + keepAlive());
        System.out.println("silent " + silentClientIsClosed());
    }

    private static byte[] bytes(int count, long seed) {
        byte[] made = new byte[count];
        new Random(seed).nextBytes(made);
        return made;
    }

    private HttpRequest post(String path, byte[] body, boolean chunked) {
        HttpRequest.BodyPublisher publisher = chunked
                ? HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body))
                : HttpRequest.BodyPublishers.ofByteArray(body);
        return HttpRequest.newBuilder(uri.resolve(path)).POST(publisher).build();
    }

    private boolean echoes(String path, byte[] body, boolean chunked) throws Exception {
        HttpResponse<byte[]> response = client.send(post(path, body, chunked),
                HttpResponse.BodyHandlers.ofByteArray());
        return response.statusCode() == 200 && Arrays.equals(body, response.body());
    }

    /** Returns how many requests of many clients at a time came back as they were. */
    private int concurrent() throws Exception {
        List<CompletableFuture<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(requests(i, 0));
        }
        int sum = 0;
        for (CompletableFuture<Integer> each : clients) {
            sum += each.get(60, TimeUnit.SECONDS);
        }
        return sum;
    }

    private CompletableFuture<Integer> requests(int number, int done) {
        if (done == REQUESTS) {
            return CompletableFuture.completedFuture(0);
        }
        byte[] body = bytes(done * 3_001, number);
        return client.sendAsync(post(done % 4 == 3 ? "/later" : "/echo", body, done % 3 == 2),
                        HttpResponse.BodyHandlers.ofByteArray())
                .thenCompose(response -> requests(number, done + 1).thenApply(
                        rest -> rest + (Arrays.equals(body, response.body()) ? 1 : 0)));
    }

    /** Two requests in one segment, on one connection, and a third one behind their answers. */
    private int keepAlive() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            String request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
            write(socket, request + request);
            int answers = answer(socket) + answer(socket);
            write(socket, request);
            return answers + answer(socket);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads one answer whose body is "hello"; returns 1 if that came. */
    private static int answer(Socket socket) throws IOException {
        InputStream input = socket.getInputStream();
        StringBuilder said = new StringBuilder();
        while (said.indexOf("\r\n\r\nhello") < 0) {
            int next = input.read();
            if (next < 0) {
                return 0;
            }
            said.append((char) next);
        }
        return said.toString().startsWith("HTTP/1.1 200") ? 1 : 0;
    }

    /** Half a request, and then nothing: the timeout of a read ends the connection. */
    private boolean silentClientIsClosed() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), impatientPort)) {
            socket.setSoTimeout(20_000);
            long start = System.nanoTime();
            write(socket, "POST /echo HTTP/1.1\r\nHost:");
            while (socket.getInputStream().read() >= 0) {
                // an answer that the request was too slow, perhaps
            }
            return System.nanoTime() - start
                    >= TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS) / 2;
        }
    }

    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            // All of it first: the client reads no answer while it still sends.
            response.getOutputStream().write(request.getInputStream().readAllBytes());
        }
    }

    /** Answers from another thread, after the container's has left the servlet. */
    private static final class Later extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) {
            AsyncContext context = request.startAsync();
            context.start(() -> {
                try {
                    context.getResponse().getOutputStream().write(
                            context.getRequest().getInputStream().readAllBytes());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    context.complete();
                }
            });
        }
    }
}
