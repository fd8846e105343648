package penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.system.ProxyProcess;
import penstock.system.RelayProcess;
import penstock.system.SubscriberFleet;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/**
 * Two edges under load behind HAProxy, with the configuration that is shipped for both. SIGTERM ends one of them: its
 * sessions go to the other one, evenly, and go on where they were. The oracle judges every message of all sessions.
 */
@Tag("slow")
@Tag("gate")
@Tag("alone")
@Timeout(2 * Patience.TEST_SECONDS)
class EdgeDrainTest {
    private static final int SESSIONS = 200;
    private static final int SYMBOLS_EACH = 10;
    private static final int INTERVAL_MS = 100;
    private static final int UPDATES_PER_SECOND = 5_000;
    private static final long PATIENCE_MS = Patience.LIMIT.toMillis();
    private static final int WINDOWS = 4;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final List<MovingSession> sessions = new ArrayList<>();
    @Test
    void shouldMoveTheSessionsOfAnEdgeThatIsTerminatedEvenlyAndLoseNothing() throws Exception {
        final Random random = seeds.random();
        final NumberedVenue venue = new NumberedVenue(seeds.fresh(), UPDATES_PER_SECOND);
        try (EdgeRig rig = new EdgeRig(venue, List.of(), "server.io-threads=1")) {
            rig.addEdge();
            rig.addEdge();
            final RelayProcess leaving = rig.edges.get(0);
            final RelayProcess staying = rig.edges.get(1);
            try (ProxyProcess proxy = ProxyProcess.startBeforeEdges(rig.folder, leaving.port, staying.port);
                    SubscriberFleet fleet = new SubscriberFleet(proxy.port)) {
                FaultRun.awaitOrFail("ready HAProxy", PATIENCE_MS, () -> EdgesKilled.isReady(proxy.port));
                for (int i = 0; i < SESSIONS; i++) {
                    final int first = random.nextInt(NumberedVenue.SYMBOLS / SYMBOLS_EACH) * SYMBOLS_EACH;
                    sessions.add(new MovingSession("session " + i, venue.market, IntStream.range(first,
                        first + SYMBOLS_EACH).mapToObj(NumberedVenue::symbol).toList(), INTERVAL_MS, fleet, random));
                    FaultRun.sleepMs(2);
                }
                await("images", () -> sessions.stream().allMatch(each -> each.symbols.stream()
                    .allMatch(symbol -> each.number(symbol) > 0)));
                final long moving = leaving.metric("penstock_sessions");
                assertThat(moving).as("half of the sessions").isBetween(SESSIONS * 4L / 10, SESSIONS * 6L / 10);

                leaving.signal("TERM");
                await("end of the edge", () -> !leaving.process.isAlive());
                assertThat(leaving.process.exitValue()).isZero();
                await("sessions at the other edge", () -> staying.metric("penstock_sessions") == SESSIONS);
                venue.stop();
                await("newest values", () -> sessions.stream().allMatch(each -> each.symbols.stream()
                    .allMatch(symbol -> each.number(symbol) == venue.last(Integer.parseInt(symbol.substring(1))))));

                assertThat(sessions.stream().flatMap(each -> each.breaches().stream())).isEmpty();
                assertThat(sessions.stream().mapToInt(each -> each.losses).sum()).as("each session has moved once")
                    .isEqualTo((int) moving);
                assertThat(sessions.stream().mapToInt(MovingSession::resumed).sum()).as("each went on where it was")
                    .isEqualTo((int) moving);
                assertThat(rig.errors).isEmpty();
                assertEven();
            }
        }
    }

    /** In no quarter of the time in which they are asked to come back, more than half of them are. */
    private void assertEven() {
        final long[] times = sessions.stream().mapToLong(each -> each.returnNs).filter(each -> each != 0).sorted()
            .toArray();
        final long windowNs = (times[times.length - 1] - times[0]) / WINDOWS;
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.length; last++) {
            while (times[last] - times[first] > windowNs) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        System.out.printf("seed %d: %d sessions come back within %d ms, at most %d of them in a quarter of it%n",
            seeds.fresh(), times.length, windowNs * WINDOWS / 1_000_000, most);
        assertThat(most).isLessThanOrEqualTo(times.length / 2);
    }

    /** Sessions come back meanwhile. */
    private void await(final String what, final Callable<Boolean> holds) throws Exception {
        FaultRun.awaitOrFail(what, PATIENCE_MS, () -> {
            sessions.forEach(MovingSession::tend);
            return holds.call();
        });
    }
}
