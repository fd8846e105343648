package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.slf4j.LoggerFactory;
import penstock.testkit.Patience;

/** A whole relay at a venue that fails, seen as its users see it: by a subscriber, by HTTP, by its log. */
final class FaultRig implements AutoCloseable {
    private static final Duration SOON = Patience.LIMIT;
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Pattern STATUS =
        Pattern.compile("\"scope\":\"feed\".*?\"state\":\"([a-z]+)\"(?:.*?\"reason\":\"([a-z_]+)\")?");

    final RelayRig rig;
    final Subscriber subscriber;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final HttpClient http = HttpClient.newHttpClient();

    FaultRig(final String venue, final List<String> urls, final SSLContext tls, final String... settings)
            throws IOException {
        appender.start();
        feedLog().addAppender(appender);
        final String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "server.public-metrics=true";
        rig = new RelayRig(venue, urls, tls, all);
        subscriber = rig.fleet.open("/v1/ws?symbols=*&interval=0", 0);
    }

    /** Feed states that the subscriber received, in order: {@code live}, {@code stale upstream_silent}. */
    List<String> states() {
        return subscriber.controls.stream().map(STATUS::matcher).filter(Matcher::find)
            .map(status -> status.group(2) == null ? status.group(1) : status.group(1) + " " + status.group(2))
            .toList();
    }

    /** The subscriber holds this value. */
    void awaitValue(final String symbol, final Object value) {
        await(symbol + " " + value).atMost(SOON).pollInterval(POLL).untilAsserted(() -> {
            final Subscriber.Seen seen = subscriber.seen.get(symbol);
            assertThat(seen).isNotNull();
            assertThat(new String(seen.value(), StandardCharsets.UTF_8)).isEqualTo(String.valueOf(value));
        });
    }

    /** The answer of {@code /readyz}: code and body. */
    void awaitReady(final int code, final String... parts) {
        await("/readyz").atMost(SOON).pollInterval(POLL).untilAsserted(() -> {
            final HttpResponse<String> answer = get("/readyz");
            assertThat(answer.body()).contains(parts);
            assertThat(answer.statusCode()).isEqualTo(code);
        });
    }

    /** A counter as {@code /metrics} shows it. */
    long metric(final String name) throws Exception {
        return get("/metrics").body().lines()
            .filter(line -> line.startsWith("penstock_" + name + "{") || line.startsWith("penstock_" + name
            + " ")).mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    void awaitMetric(final String name, final long least) {
        await(name).atMost(SOON).pollInterval(POLL)
            .untilAsserted(() -> assertThat(metric(name)).isGreaterThanOrEqualTo(least));
    }

    /** What the feed has logged. */
    List<String> log() {
        return List.copyOf(appender.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() throws IOException {
        try {
            rig.close();
        } finally {
            feedLog().detachAppender(appender);
        }
    }

    private HttpResponse<String> get(final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.relay.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static Logger feedLog() {
        return (Logger) LoggerFactory.getLogger("penstock.feed");
    }
}
