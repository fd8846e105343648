package penstock.top;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Asks the admin API of a relay. Owned by the thread that looks at the relay. */
final class AdminClient {
    private static final Duration WITHIN = Duration.ofSeconds(1);
    /** These ask the feed thread, which has a second itself. */
    private static final Duration WITHIN_FEED = Duration.ofMillis(2_500);
    private static final String API = "/admin/v1/";

    private final HttpClient http;
    private final URI address;
    private final String token;

    /** The relay refuses to answer, for a reason that the counters file cannot help with; the message has a remedy. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(final String message) {
            super(message);
        }
    }

    /** Of the operator's listener at {@code address}; {@code token}: null = it asks for none. */
    AdminClient(final HttpClient http, final URI address, final String token) {
        this.http = http;
        this.address = address;
        this.token = token;
    }

    /** The address, for people. */
    String place() {
        return address.getAuthority();
    }

    /**
     * Asks for all that the view shows, at once.
     *
     * @throws RefusedException if the relay answers with an error
     * @throws IOException      if the relay does not answer within a second
     */
    RelayLook look(final RelayLook.Question question) throws IOException, InterruptedException {
        final CompletableFuture<String> metrics = get("/metrics", WITHIN);
        final CompletableFuture<String> sessions =
            get(API + "sessions?sort=" + question.sort() + "&limit=" + question.limit(), WITHIN);
        final CompletableFuture<String> findings = get(API + "findings", WITHIN_FEED);
        final CompletableFuture<String> feeds = get(API + "feeds", WITHIN_FEED);
        final CompletableFuture<String> one = question.session() == null ? null
            : get(API + "sessions/" + encoded(question.session()), WITHIN);
        final Map<String, Object> list = AdminJson.object(await(sessions));
        final MetricValues values = MetricValues.parse(await(metrics));
        return new RelayLook(new RelayLook.Origin(place(), null, null), System.nanoTime(),
            System.currentTimeMillis() * 1_000, values, new RelayLook.Answers(objects(findings, "findings"),
            objects(feeds, "feeds"), AdminJson.objects(list, "sessions"), AdminJson.number(list, "open"),
            one == null ? null : objectOf(one)));
    }

    /** Closes a session, whose client comes back at once; returns 1, or 0 if it was not open. */
    long kick(final String session) throws IOException, InterruptedException {
        return AdminJson.number(AdminJson.object(await(send(request(API + "kick?session=" + encoded(session), WITHIN)
            .method("POST", HttpRequest.BodyPublishers.ofByteArray(new byte[0]))))), "closed");
    }

    private CompletableFuture<String> get(final String target, final Duration within) {
        return send(request(target, within));
    }

    private HttpRequest.Builder request(final String target, final Duration within) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(target)).timeout(within);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private CompletableFuture<String> send(final HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).thenApply(this::body);
    }

    private String body(final HttpResponse<String> answer) {
        if (answer.statusCode() / 100 == 2) {
            return answer.body();
        }
        final String remedy = switch (answer.statusCode()) {
            case 401 -> "name the environment variable with admin.token by --token-env";
            case 421 -> "list this host name in server.host-names of the relay, or name its IP address";
            case 404 -> "name the operator's listener (admin.port, 8081) of a relay of this version by --url";
            default -> "see the log of the relay";
        };
        throw new CompletionException(new RefusedException(address + " answers " + answer.request().uri().getPath()
            + " with " + answer.statusCode() + "; " + remedy));
    }

    /** What the feed thread does not say in time is left out. */
    private static List<Map<String, Object>> objects(final CompletableFuture<String> answer, final String member)
            throws IOException, InterruptedException {
        try {
            return AdminJson.objects(AdminJson.object(await(answer)), member);
        } catch (final HttpTimeoutException late) {
            return null;
        }
    }

    /** Null if the session has ended. */
    private static Map<String, Object> objectOf(final CompletableFuture<String> answer)
            throws IOException, InterruptedException {
        try {
            return AdminJson.object(await(answer));
        } catch (final RefusedException ended) {
            return null;
        }
    }

    private static String await(final CompletableFuture<String> answer) throws IOException, InterruptedException {
        try {
            return answer.get();
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    private static String encoded(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
