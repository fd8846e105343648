package penstock.upstream;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import penstock.venue.login.HttpExchange;

/**
 * Sends the requests before a login with the JVM's own client, which is created with the first one. Redirects are not
 * followed: the headers have keys, and another host must not get them. Any thread that may block.
 */
public final class LoginRequests implements HttpExchange {
    private final SSLContext tls;
    private final String userAgent;
    private final ProxyRoutes proxies;
    private HttpClient client;

    /** {@code tls}: null = the trust store of the JVM; {@code userAgent}: null = that of the JVM's client. */
    public LoginRequests(final SSLContext tls, final String userAgent, final ProxyRoutes proxies) {
        this.tls = tls;
        this.userAgent = userAgent;
        this.proxies = proxies;
    }

    @Override
    public Answer send(final Request request) throws IOException, InterruptedException {
        final HttpProxy proxy = proxies.to(request.address());
        final CompletableFuture<HttpResponse<byte[]>> sent =
            client().sendAsync(request(request, proxy), head -> new HttpAnswers.Body(request.maxBytes()));
        try {
            final HttpResponse<byte[]> answer = sent.get(request.timeoutMs(), TimeUnit.MILLISECONDS);
            if (proxy != null && answer.statusCode() == 407) {
                throw new IOException(proxy.explain(407, "407", request.address().getAuthority()));
            }
            return new Answer(answer.statusCode(), HttpAnswers.retryAfterMs(answer), answer.body());
        } catch (final ExecutionException | TimeoutException e) {
            // without the path, which may have a key
            throw new IOException(request + (proxy == null ? "" : " through the proxy " + proxy) + ": "
                + HttpAnswers.what(e), e);
        } finally {
            sent.cancel(true);
        }
    }

    private HttpRequest request(final Request asked, final HttpProxy proxy) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(asked.address())
            .timeout(Duration.ofMillis(asked.timeoutMs()))
            .method(asked.method(), HttpRequest.BodyPublishers.ofByteArray(asked.body()));
        if (userAgent != null) {
            request.setHeader("User-Agent", userAgent);
        }
        asked.headers().forEach(request::setHeader);
        if (proxy != null && proxy.authorization() != null) {
            request.setHeader("Proxy-Authorization", proxy.authorization());
        }
        return request.build();
    }

    private synchronized HttpClient client() {
        if (client == null) {
            final HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .proxy(proxies.selector()).followRedirects(HttpClient.Redirect.NEVER);
            client = (tls == null ? builder : builder.sslContext(tls)).build();
        }
        return client;
    }
}
