package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;

/**
 * A recording through the whole relay to 200 sessions: intervals 0, 100, 250 and 1000 ms, exact symbols and globs, bare
 * payloads, ten that read nothing for the first five seconds. At the end every session holds, for every symbol it asked
 * for, the bytes of the last upstream payload, and every ledger is whole.
 */
final class ReplayedFeed {
    private static final int SESSIONS = 200;
    private static final int STALLED = 10;
    private static final int[] INTERVALS_MS = {0, 100, 250, 1000};

    private final String venue;
    private final Path recording;
    private final ExpectedValues expected;

    ReplayedFeed(final String venue, final Path recording, final ExpectedValues expected) {
        this.venue = venue;
        this.recording = recording;
        this.expected = expected;
    }

    void run(final ReplaySpeed speed, final Duration stall, final Duration limit) throws Exception {
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig(venue, "ws://127.0.0.1:" + port + "/stream", "server.send-buffer=4k",
                "feed.values=venue")) {
            final List<Subscriber> all = open(rig);
            final List<Subscriber> stalled = all.subList(0, STALLED);
            await("sessions")
                .until(() -> all.stream().allMatch(s -> s.isSnapshotDone || isRaw(s) && s.isOpen));
            stalled.forEach(subscriber -> rig.fleet.pause(subscriber, true));
            final long beganNs = System.nanoTime();
            try (ReplayServer replay =
                    ReplayServer.start(ReplayServer.Options.of(recording).venue(VenueFileScript.load(venue))
                    .port(port).speed(speed))) {
                await("first data").until(() -> replay.sentCount() > 0);
                await("stall").atMost(limit).until(() -> System.nanoTime() - beganNs > stall.toNanos());
                stalled.forEach(subscriber -> rig.fleet.pause(subscriber, false));
                await("the recording's end").atMost(limit).until(replay::isFinished);
                await("newest values")
                    .until(() -> all.stream().allMatch(this::holdsTheLast));
                all.forEach(this::checkLedger);
                checkRelay(rig);
            }
        }
    }

    private List<Subscriber> open(final RelayRig rig) throws IOException {
        final List<String> symbols = List.copyOf(expected.values().keySet());
        final List<Subscriber> all = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            final String symbol = symbols.get(i / 8 % symbols.size());
            final String pattern = switch (i / 4 % 4) {
                case 0 -> "*";
                case 1 -> symbol;
                case 2 -> symbol.substring(0, 1) + "*";
                default -> String.join(",", symbols);
            };
            final String path = i % 10 == 9 ? "/v1/raw" : "/v1/ws";
            all.add(rig.fleet.open(path + "?symbols=" + pattern + "&interval=" + INTERVALS_MS[i % 4], i < STALLED
                ? 4096 : 0));
        }
        return all;
    }

    private static boolean isRaw(final Subscriber subscriber) {
        return subscriber.path.startsWith("/v1/raw");
    }

    private boolean holdsTheLast(final Subscriber subscriber) {
        final Map<String, byte[]> last = isRaw(subscriber) ? expected.payloads() : expected.values();
        return last.entrySet().stream().allMatch(entry -> {
            final Subscriber.Seen seen = subscriber.seen.get(entry.getKey());
            return wants(subscriber, entry.getKey()) == (seen != null)
                && (seen == null || Arrays.equals(seen.value(), entry.getValue()));
        });
    }

    private static boolean wants(final Subscriber subscriber, final String symbol) {
        final String symbols =
            subscriber.path.substring(subscriber.path.indexOf("symbols=") + 8, subscriber.path.indexOf("&interval"));
        return Arrays.stream(symbols.split(",")).anyMatch(pattern -> symbol.matches(pattern.replace("*", ".*")));
    }

    /** All sessions subscribed before the feed began: updates sent and updates conflated add up to all of them. */
    private void checkLedger(final Subscriber subscriber) {
        if (!isRaw(subscriber)) {
            long all = 0;
            for (final Map.Entry<String, Long> count : expected.counts().entrySet()) {
                if (wants(subscriber, count.getKey())) {
                    final long q = subscriber.seen.get(count.getKey()).q();
                    assertThat(q).as(subscriber.path + " " + count.getKey()).isEqualTo(count.getValue());
                    all += count.getValue();
                }
            }
            assertThat(subscriber.updates + subscriber.conflated).as(subscriber.path).isEqualTo(all);
        }
    }

    private void checkRelay(final RelayRig rig) {
        final long updates = expected.counts().values().stream().mapToLong(Long::longValue).sum();
        assertThat(rig.relay.telemetry().sum(Counter.FEED_UNMATCHED)).isZero();
        assertThat(rig.relay.telemetry().sum(Counter.FEED_NOT_JSON)).isZero();
        assertThat(rig.relay.telemetry().sum(Counter.FEED_UPDATES)).isGreaterThanOrEqualTo(updates);
        assertThat(rig.relay.telemetry().sum(Counter.SESSIONS_TIMED_OUT)).isZero();
    }
}
