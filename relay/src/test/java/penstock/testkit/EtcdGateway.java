package penstock.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One key as etcd's gateway serves it, in memory. Any thread. */
public final class EtcdGateway implements AutoCloseable {
    private static final Pattern REVISION = Pattern.compile("\"mod_revision\":\"(\\d+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([A-Za-z0-9+/=]+)\"");
    private static final int UNAVAILABLE = 503;
    private static final int UNAUTHORIZED = 401;

    private final HttpServer server;
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<HttpExchange> waiting = new ArrayList<>();
    private long revision = 1;
    private long modified;
    private String value;
    private boolean isAway;
    private boolean isHanging;
    private String credentials;
    private String token;
    private int logins;

    /** Serves at once. */
    public EtcdGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on it says that it has no leader. */
    public synchronized void setAway(final boolean away) {
        isAway = away;
    }

    /** From now on it answers nothing. */
    public synchronized void setHanging(final boolean hanging) {
        isHanging = hanging;
    }

    /** From now on only those may ask who have logged in with this body; earlier tokens are of no use. */
    public synchronized void setLogin(final String body) {
        credentials = body;
        token = "none-yet";
    }

    /** The value of the key; null = there is none. */
    public synchronized String value() {
        return value == null ? null : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }

    /** Somebody writes the key. */
    public synchronized void write(final String text) {
        modified = ++revision;
        value = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The key is gone, as after {@code etcdctl del}. */
    public synchronized void delete() {
        revision++;
        modified = 0;
        value = null;
    }

    /** The paths of all requests. */
    public List<String> paths() {
        return List.copyOf(paths);
    }

    private synchronized void serve(final HttpExchange exchange) throws IOException {
        paths.add(exchange.getRequestURI().getPath());
        final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (isHanging) {
            waiting.add(exchange);
        } else if (isAway) {
            send(exchange, UNAVAILABLE, "{\"error\":\"etcdserver: no leader\",\"code\":14}");
        } else if (exchange.getRequestURI().getPath().equals("/v3/auth/authenticate")) {
            final boolean isRight = body.equals(credentials);
            token = isRight ? "token-" + ++logins : token;
            send(exchange, isRight ? 200 : 400, isRight ? "{\"header\":{},\"token\":\"" + token + "\"}"
                : "{\"error\":\"etcdserver: authentication failed, invalid user ID or password\",\"code\":3}");
        } else if (token != null && !token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, UNAUTHORIZED, "{\"error\":\"etcdserver: invalid auth token\",\"code\":16}");
        } else if (exchange.getRequestURI().getPath().equals("/v3/kv/txn")) {
            send(exchange, 200, swap(body));
        } else {
            send(exchange, 200, range());
        }
    }

    private String swap(final String body) {
        final Matcher expected = REVISION.matcher(body);
        final Matcher wanted = VALUE.matcher(body);
        if (expected.find() && Long.parseLong(expected.group(1)) == modified && wanted.find()) {
            modified = ++revision;
            value = wanted.group(1);
            return "{\"header\":{\"revision\":\"" + revision + "\"},\"succeeded\":true,\"responses\":[{\"response_put\":"
                + "{\"header\":{\"revision\":\"" + revision + "\"}}}]}";
        }
        return "{\"header\":{\"revision\":\"" + revision + "\"},\"responses\":[{\"response_range\":" + range() + "}]}";
    }

    private String range() {
        return "{\"header\":{\"revision\":\"" + revision + "\"}" + (value == null ? "" : ",\"kvs\":[{\"key\":\"aw==\","
            + "\"mod_revision\":\"" + modified + "\",\"value\":\"" + value + "\"}],\"count\":\"1\"") + "}";
    }

    private static void send(final HttpExchange exchange, final int status, final String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public synchronized void close() {
        waiting.forEach(HttpExchange::close);
        server.stop(0);
    }
}
