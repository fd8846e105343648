package penstock.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service that knows the products of clients, as an operator would have it. Any thread may change it. */
public final class RightsService implements AutoCloseable {
    private final Map<String, String> products = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile CountDownLatch open = new CountDownLatch(0);
    private volatile int status = 200;

    /** It knows no client yet. */
    public RightsService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/clients/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** The address of the configuration. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/clients/{id}";
    }

    /** The client has these products from now on. */
    public void grant(final String id, final String... names) {
        products.put(id, "\"" + String.join("\",\"", names) + "\"");
    }

    /** The ids of the requests so far. */
    public List<String> asked() {
        return asked;
    }

    /** Requests are not answered until {@link #release}. */
    public void hold() {
        open = new CountDownLatch(1);
    }

    /** Requests are answered again. */
    public void release() {
        open.countDown();
    }

    /** Answers with this status from now on. */
    public void fail(final int with) {
        status = with;
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(final HttpExchange exchange) throws IOException {
        final String id = exchange.getRequestURI().getPath().substring("/clients/".length());
        asked.add(id);
        try (exchange) {
            open.await();
            final String names = products.get(id);
            final byte[] body = ("{\"products\":[" + names + "]}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(names == null ? 404 : status, body.length);
            exchange.getResponseBody().write(body);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
