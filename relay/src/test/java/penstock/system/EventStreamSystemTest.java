package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.Patience;

/** The relay as a process of its own, and a client that knows HTTP and nothing of the relay. */
@Timeout(Patience.TEST_SECONDS)
@Tag("slow")
class EventStreamSystemTest {
    private static final Pattern ADDRESS = Pattern.compile("ws://localhost:(\\d+)/v1/ws");
    private static final Pattern ENTRY =
        Pattern.compile("\\{\"s\":\"([^\"]+)\",\"q\":(\\d+),\"t\":\\d+(?:,\"c\":(\\d+))?(?:,\"st\":\"stale\")?,\"v\"");
    /** What the relay says, and rightly, when the machine gives one of its threads no core for a second. */
    private static final String NO_CORE = "the feed thread gives no sign of life";
    private static final Pattern ID = Pattern.compile("id: (\\d+)-(\\d+)");

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process relay;
    private BufferedReader said;
    private String base;

    @BeforeEach
    void start() throws Exception {
        relay = new ProcessBuilder(new File(System.getProperty("java.home"), "bin/java").getPath(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Xmx128m", "-cp", System.getProperty("java.class.path"), "penstock.Main", "demo", "--set", "server.port=0",
            "--set", "admin.enabled=false", "--set", "server.warm-up=false")
            .redirectErrorStream(true).start();
        said = new BufferedReader(new InputStreamReader(relay.getInputStream(), StandardCharsets.UTF_8));
        while (base == null) {
            final String line = said.readLine();
            assertThat(line).as("the relay's address").isNotNull();
            final Matcher address = ADDRESS.matcher(line);
            base = address.find() ? "http://localhost:" + address.group(1) : null;
        }
    }

    @AfterEach
    void stop() {
        relay.destroyForcibly();
    }

    @Test
    void shouldStreamWithAnExactLedgerAndEndWhenTheRelayDrains() throws Exception {
        final HttpResponse<Stream<String>> answer =
            http.send(request("/v1/sse?symbols=EURUSD,GBP*&interval=50"), BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        final Map<String, Long> seen = new HashMap<>();
        final Iterator<String> lines = answer.body().iterator();
        int updates = 0;
        long position = 0;
        String type = "";
        String last = "";
        while (lines.hasNext()) {
            final String line = lines.next();
            last = line.isEmpty() ? last : line;
            final Matcher id = ID.matcher(line);
            if (line.startsWith("event: ")) {
                type = line.substring("event: ".length());
            } else if (id.matches()) {
                assertThat(Long.parseLong(id.group(2))).isGreaterThanOrEqualTo(position);
                position = Long.parseLong(id.group(2));
            } else if (line.startsWith("data: ") && ("update".equals(type) || "snapshot".equals(type))) {
                check(line, type, seen);
                updates += "update".equals(type) ? 1 : 0;
                if (updates == 40) {
                    relay.toHandle().destroy();
                }
            }
        }
        assertThat(updates).isGreaterThanOrEqualTo(40);
        assertThat(seen).hasSizeGreaterThan(3).containsKey("EURUSD");
        assertThat(last).startsWith("data: {\"type\":\"notice\"").contains("4503 retryAfter=2000");
        assertThat(relay.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().toList()).noneMatch(line -> line.contains("ERROR") && !line.contains(NO_CORE));
        assertThat(relay.exitValue()).isZero();
    }

    @Test
    void shouldServeVersionsAndRefusals() throws Exception {
        final HttpResponse<String> symbols = http.send(request("/v1/symbols?match=EUR*"), BodyHandlers.ofString());
        final String tag = symbols.headers().firstValue("etag").orElseThrow();
        assertThat(http.send(request("/v1/symbols?match=EUR*", "If-None-Match", tag), BodyHandlers.ofString())
            .statusCode()).isIn(304, 200);
        final HttpResponse<String> refusal =
            http.send(request("/v1/sse?symbols=EURUSD&interval=fast"), BodyHandlers.ofString());
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(refusal.body()).contains("\"path\":\"/interval\"");
        assertThat(http.send(request("/v1/sse?symbols=EURUSD&mode=once", "Last-Event-ID", "1-2"),
            BodyHandlers.ofString()).statusCode())
            .isEqualTo(204);
    }

    private static void check(final String line, final String type, final Map<String, Long> seen) {
        final Matcher entry = ENTRY.matcher(line);
        while (entry.find()) {
            final long q = Long.parseLong(entry.group(2));
            final long c = entry.group(3) == null ? 0 : Long.parseLong(entry.group(3));
            final Long before = seen.put(entry.group(1), q);
            if (type.equals("update")) {
                assertThat(q - (before == null ? 0 : before)).as(line).isEqualTo(c + 1);
            }
        }
    }

    private HttpRequest request(final String target, final String... headers) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + target));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }
}
