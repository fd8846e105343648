package penstock.lease.etcd;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import penstock.identity.BoundedFetch;
import penstock.lease.KeyAnswer;
import penstock.lease.LeaseKey;
import penstock.tls.TlsFailure;

/**
 * The key of a lease in etcd: linearizable reads, and transactions that compare the revision. A member that has no
 * leader lets a request wait, so each has a time limit. Any thread.
 */
public final class EtcdKey implements LeaseKey {
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_SECRET_BYTES = 64 << 10;
    private static final int OK = 200;
    private static final int REFUSED = 4;

    /** Etcd answers, and will not do it: another member would not either. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(final String why) {
            super(why);
        }
    }

    private final EtcdSettings settings;
    private final EtcdMembers members;
    private volatile Connections connections;
    /** Null = none was needed yet, or etcd does not take the last one any more. */
    private volatile String token;

    /** Nothing is asked yet. */
    public EtcdKey(final EtcdSettings settings) {
        this.settings = settings;
        members = new EtcdMembers(settings.endpoints(), settings.withinMs());
        connections = connections(settings.tls() == null ? null : settings.tls().context());
    }

    /** Those that began with one state of the files of TLS; null = the JVM's trust store. */
    private record Connections(SSLContext tls, BoundedFetch http) {
    }

    /** Reads an answer. */
    private interface Reading {
        KeyAnswer of(byte[] body) throws IOException;
    }

    @Override
    public void read(final Consumer<KeyAnswer> answer) {
        ask("/v3/kv/range", EtcdText.range(settings.key()), EtcdText::ofRange, answer);
    }

    @Override
    public void swap(final long revision, final String value, final Consumer<KeyAnswer> answer) {
        ask("/v3/kv/txn", EtcdText.swap(settings.key(), revision, value), EtcdText::ofSwap, answer);
    }

    @Override
    public void close() {
        // requests end by their time limit
    }

    private void ask(final String path, final String body, final Reading reading, final Consumer<KeyAnswer> answer) {
        members.ask(endpoint -> authorize(endpoint).thenCompose(shown -> post(endpoint, path, body, shown))
            .thenApply(response -> new EtcdMembers.Answer(read(response, reading), true))
            .exceptionally(failure -> failed(endpoint, cause(failure))), answer);
    }

    private EtcdMembers.Answer failed(final URI endpoint, final Throwable cause) {
        return new EtcdMembers.Answer(KeyAnswer.failed(endpoint.getAuthority() + ": " + words(endpoint, cause)),
            cause instanceof RefusedException);
    }

    private static Throwable cause(final Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private Connections connections(final SSLContext tls) {
        return new Connections(tls, new BoundedFetch(MAX_BYTES, settings.withinMs(), tls));
    }

    /** New ones after a change of the files: the old ones would go on with what they began with. */
    private BoundedFetch http() {
        if (settings.tls() != null) {
            final SSLContext now = settings.tls().context();
            if (connections.tls != now) {
                connections = connections(now);
            }
        }
        return connections.http;
    }

    private KeyAnswer read(final HttpResponse<byte[]> response, final Reading reading) {
        try {
            if (response.statusCode() == OK) {
                return reading.of(response.body());
            }
            if (response.statusCode() / 100 == REFUSED) {
                // a token that has ended is 401, one of rights that have changed since is 400
                token = null;
                throw new RefusedException(words(response));
            }
            throw new IOException(words(response));
        } catch (final IOException e) {
            throw new CompletionException(e);
        }
    }

    private static String words(final HttpResponse<byte[]> response) {
        return "HTTP " + response.statusCode() + ", " + EtcdText.reason(response.body());
    }

    private CompletableFuture<HttpResponse<byte[]>> post(final URI endpoint, final String path, final String body,
            final String shown) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path))
            .version(HttpClient.Version.HTTP_1_1).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
        if (shown != null) {
            request.header("Authorization", shown);
        }
        return http().send(request.build());
    }

    /** The token to show; null = none. */
    private CompletableFuture<String> authorize(final URI endpoint) {
        final String known = token;
        if (settings.secret() == null || known != null) {
            return CompletableFuture.completedFuture(known);
        }
        try {
            final String secret = secret();
            if (settings.user() == null) {
                token = secret;
                return CompletableFuture.completedFuture(secret);
            }
            return post(endpoint, "/v3/auth/authenticate", EtcdText.login(settings.user(), secret), null)
                .thenApply(response -> {
                    try {
                        if (response.statusCode() != OK) {
                            throw new RefusedException("the login of " + settings.user() + " failed: "
                                + EtcdText.reason(response.body()));
                        }
                        token = EtcdText.ofLogin(response.body());
                        return token;
                    } catch (final IOException e) {
                        throw new CompletionException(e);
                    }
                });
        } catch (final IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private String secret() throws IOException {
        if (!Files.isRegularFile(settings.secret())) {
            throw new IOException("there is no file " + settings.secret());
        }
        if (Files.size(settings.secret()) > MAX_SECRET_BYTES) {
            throw new IOException("the file " + settings.secret() + " has more than " + MAX_SECRET_BYTES + " bytes");
        }
        final String secret = Files.readString(settings.secret(), StandardCharsets.UTF_8).strip();
        if (secret.isEmpty() || secret.chars().anyMatch(c -> c < ' ')) {
            throw new IOException("the file " + settings.secret() + " must have one line");
        }
        return secret;
    }

    private String words(final URI endpoint, final Throwable cause) {
        final String ofTls = settings.tls() == null ? TlsFailure.explain(cause, "lease.tls")
            : settings.tls().explain(cause);
        if (ofTls != null) {
            return "TLS failed: " + ofTls;
        }
        if (cause instanceof ConnectException) {
            return "it cannot be reached";
        }
        if (String.valueOf(cause.getMessage()).contains("received no bytes")) {
            // TLS 1.3: the alert may come too late, or not at all
            return "http".equals(endpoint.getScheme())
                ? "it closed the connection; if it speaks TLS, lease.etcd names it with https://"
                : "it closed the connection: the server wants a certificate of the relay, or refuses the one it has; "
                + "see lease.tls.certificate" + (settings.tls() == null ? "" : settings.tls().doubts());
        }
        return cause instanceof TimeoutException ? "no answer within " + settings.withinMs() + " ms"
            : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
