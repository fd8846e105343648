package penstock.upstream;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import penstock.thread.ThreadOwner;

/**
 * Fetches snapshots and lists over HTTP with the JVM's own client. The client's threads do the work, never the feed
 * thread. The client is created with the first request. Owned by the feed thread.
 */
public final class HttpSnapshotFetch implements SnapshotFetch {
    private final ThreadOwner owner = new ThreadOwner();
    private final SSLContext tls;
    private final String userAgent;
    private final ProxyRoutes proxies;
    private HttpClient client;

    /** {@code tls}: null = the trust store of the JVM; {@code userAgent}: null = that of the JVM's client. */
    public HttpSnapshotFetch(final SSLContext tls, final String userAgent, final ProxyRoutes proxies) {
        this.tls = tls;
        this.userAgent = userAgent;
        this.proxies = proxies;
    }

    @Override
    public Runnable fetch(final Request asked, final Consumer<Fetched> answer) {
        assert owner.check();
        final URI address = asked.address();
        final Duration timeout = Duration.ofMillis(asked.timeoutMs());
        final HttpProxy proxy = proxies.to(address);
        final CompletableFuture<HttpResponse<byte[]>> sent = client(timeout)
            .sendAsync(request(asked, timeout, proxy), head -> new HttpAnswers.Body(asked.maxBytes()));
        // the request's own timeout covers only the head of the response
        sent.copy().orTimeout(asked.timeoutMs(), TimeUnit.MILLISECONDS).whenComplete((response, failure) -> {
            if (failure != null) {
                sent.cancel(true);
                answer.accept(Fetched.failed(HttpAnswers.explain(asked.method(), address, proxy, failure)));
            } else if (proxy != null && response.statusCode() == 407) {
                answer.accept(Fetched.failed(proxy.explain(407, "407", address.getAuthority())));
            } else {
                answer.accept(new Fetched(response.statusCode(), HttpAnswers.retryAfterMs(response), response.body(),
                    null));
            }
        });
        return () -> sent.cancel(true);
    }

    private HttpRequest request(final Request asked, final Duration timeout, final HttpProxy proxy) {
        final HttpRequest.Builder request =
            HttpRequest.newBuilder(asked.address()).timeout(timeout).header("Accept", "application/json");
        if (asked.body() != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(asked.body()));
        }
        if (asked.contentType() != null) {
            request.header("Content-Type", asked.contentType());
        }
        if (userAgent != null) {
            request.header("User-Agent", userAgent);
        }
        if (proxy != null && proxy.authorization() != null) {
            request.header("Proxy-Authorization", proxy.authorization());
        }
        return request.build();
    }

    private HttpClient client(final Duration timeout) {
        if (client == null) {
            final HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout).proxy(proxies.selector())
                .followRedirects(HttpClient.Redirect.NORMAL);
            client = (tls == null ? builder : builder.sslContext(tls)).build();
        }
        return client;
    }
}
