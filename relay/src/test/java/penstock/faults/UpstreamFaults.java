package penstock.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.net.ssl.SSLContext;
import penstock.testkit.FaultProxy;
import penstock.testkit.TestAuthority;

/** Faults on the way to the venue. One thread. */
final class UpstreamFaults {
    private static final double ANY_FRAME_SECONDS = 5;
    private static final long MIB = 1 << 20;

    private static final int LAGS = 51;

    private UpstreamFaults() {
    }

    /** The connection is reset or ends, again and again. */
    static void loss(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            final int count = options.count(200);
            final double[] staleMs = new double[count];
            final double[] freshMs = new double[count];
            for (int i = 0; i < count; i++) {
                FaultRun.sleepMs(200 + run.random.nextInt(1_800));
                final int[] stales = run.judges.stream().mapToInt(each -> each.stales).toArray();
                final long[] before = lastNumbers(run);
                final long cutNs = System.nanoTime();
                if (run.random.nextBoolean()) {
                    run.upstream.reset();
                } else {
                    run.upstream.finish();
                }
                FaultRun.awaitOrFail("stale", 10_000, () -> {
                    for (int j = 0; j < stales.length; j++) {
                        if (run.judges.get(j).stales == stales[j]) {
                            return false;
                        }
                    }
                    return true;
                });
                staleMs[i] = (run.judges.stream().mapToLong(each -> each.staleNs).max().orElse(0) - cutNs) / 1e6;
                FaultRun.awaitOrFail("new values", 30_000, () -> run.judges.stream().allMatch(each ->
                    each.symbols.stream().allMatch(symbol ->
                        each.number(symbol) > before[Integer.parseInt(symbol.substring(1))])));
                freshMs[i] = (System.nanoTime() - cutNs) / 1e6;
            }
            figures.note("losses", count, "");
            figures.atMost("until the last session had stale, worst", percentile(staleMs, 1), 100, "ms");
            figures.atMost("until every symbol of every session was new again, p99", percentile(freshMs, 0.99), 1_000,
                "ms");
            figures.holds("each session had stale and live once for each loss", run.judges.stream()
                .allMatch(each -> each.stales == count && each.lives >= count));
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** The network drops everything: the connection stays open, and nothing comes. */
    static void halfOpen(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            run.upstream.up.isStalled = true;
            run.upstream.down.isStalled = true;
            final long beganNs = System.nanoTime();
            FaultRun.awaitOrFail("stale", 30_000, () -> run.judges.stream().allMatch(each -> each.stales > 0));
            final double noticed = (System.nanoTime() - beganNs) / 1e9;
            // the idle limit of the venue file is 5 s; a heartbeat that is not answered would take twice its period
            figures.atMost("until the silence was noticed", noticed, ANY_FRAME_SECONDS + 1, "s");
            run.upstream.up.clear();
            run.upstream.down.clear();
            figures.atMost("until live again once the network is back", FaultRun.secondsUntil(30_000,
                () -> run.judges.stream().allMatch(each -> each.liveNs > each.staleNs)), 1, "s");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** A line of 20 kB a second that carries 7 bytes at a time, then one whose delay varies. */
    static void slowLine(final FaultOptions options, final Figures figures) throws Exception {
        // 200 updates a second are 17 kB
        final FaultOptions slow = new FaultOptions(options.count(), options.sessions(), 200, 0, options.seed());
        try (FaultRun run = new FaultRun(slow)) {
            run.openSessions();
            run.upstream.down.slice = 7;
            run.upstream.down.bytesPerSecond = 20_000;
            FaultRun.sleepMs(15_000);
            figures.atMost("connections lost on a thin line", run.relay.metric("penstock_feed_disconnects_total"), 0,
                "");
            run.upstream.down.clear();
            run.upstream.up.delayMs = 80;
            run.upstream.down.delayMs = 80;
            run.upstream.up.jitterMs = 40;
            run.upstream.down.jitterMs = 40;
            FaultRun.sleepMs(500);
            run.latencies.clear();
            FaultRun.sleepMs(10_000);
            figures.atMost("connections lost with a delay of 80 to 120 ms",
                run.relay.metric("penstock_feed_disconnects_total"), 0, "");
            figures.between("latency from the venue, p50", run.latencies.ms(0.5), 80, 140, "ms");
            final double[] lagsMs = new double[LAGS];
            for (int i = 0; i < LAGS; i++) {
                lagsMs[i] = 1e3 * run.relay.fraction("penstock_channel_lag_seconds");
                FaultRun.sleepMs(20);
            }
            Arrays.sort(lagsMs);
            figures.note("the venue's lag by its metric, median", lagsMs[LAGS / 2], "ms");
            figures.atMost("how far it is off", Math.abs(lagsMs[LAGS / 2] - run.latencies.ms(0.5)), 100, "ms");
            run.upstream.down.clear();
            run.upstream.up.clear();
            run.assertWhole(figures);
        }
    }

    /**
     * Bits flip and strange bytes come between. Towards a venue without TLS a flipped digit is a valid message, and no
     * relay can know; so the line speaks TLS, and the faults are outside of it.
     */
    static void corruption(final FaultOptions options, final Figures figures) throws Exception {
        final TestAuthority authority = new TestAuthority("faults");
        final SSLContext tls = authority.context(authority.issue("localhost", "localhost", "127.0.0.1"));
        final Path authorities = authority.write(Files.createTempFile("penstock-faults", ".pem"));
        try (FaultRun run = new FaultRun(options, "feed.url=ws://127.0.0.1:1/");
             FaultProxy inner = new FaultProxy(tls.getServerSocketFactory(), run.venue.port(), new Random(1))) {
            run.upstream.target(inner.port());
            run.relay.close();
            run.fleet.close();
            run.start(List.of(), Map.of(), "feed.url=wss://localhost:" + run.upstream.port() + "/",
                "feed.tls.authorities=" + authorities);
            run.openSessions();
            // the first ones load classes and compile code
            spoil(run, 9);
            final long resident = run.settledResidentBytes();
            spoil(run, options.count(60));
            figures.atLeast("connections that it cost", run.relay.metric("penstock_feed_disconnects_total"), 1, "");
            FaultRun.awaitOrFail("live", 30_000, () -> run.relay.metric("penstock_feed_live") == 1);
            figures.atMost("growth of the process", (run.residentBytes() - resident) / (double) MIB, 16, "MiB");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        } finally {
            Files.delete(authorities);
        }
    }

    /** The first of two addresses refuses, then accepts and never answers, then is well again. */
    static void addresses(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options);
             FaultProxy second = new FaultProxy(run.venue.port(), new Random(2))) {
            run.relay.close();
            run.fleet.close();
            run.start(List.of(), Map.of(), "feed.url=null", "feed.urls=[\"ws://127.0.0.1:" + run.upstream.port()
                + "/\", \"ws://127.0.0.1:" + second.port() + "/\"]");
            run.openSessions();
            figures.holds("the first address is used", second.accepted.get() == 0);
            run.upstream.refuse(true);
            figures.atMost("until live by the second address, when the first refuses", lossToLive(run), 1, "s");
            figures.atLeast("connections by the second address", second.accepted.get(), 1, "");
            run.upstream.refuse(false);
            final int before = run.upstream.accepted.get();
            figures.between("until the first address is tried again (stable for 5 s)",
                FaultRun.secondsUntil(60_000, () -> run.upstream.accepted.get() > before), 4, 15, "s");
            FaultRun.sleepMs(7_000);
            run.upstream.hang(true);
            figures.atMost("until live, when the first accepts and is silent (timeout 2 s)", lossToLive(run), 3, "s");
            run.upstream.hang(false);
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** The name of the venue gets another address, then none, then one again. */
    static void names(final FaultOptions options, final Figures figures) throws Exception {
        final Path hosts = Files.createTempFile("penstock-faults", ".hosts");
        Files.writeString(hosts, "127.0.0.1 venue.test\n");
        try (FaultRun run = new FaultRun(options)) {
            run.relay.close();
            run.fleet.close();
            run.start(List.of("-Djdk.net.hosts.file=" + hosts), Map.of(),
                "feed.url=ws://venue.test:" + run.upstream.port() + "/");
            run.openSessions();
            Files.writeString(hosts, "127.0.0.9 venue.test\n");
            FaultRun.sleepMs(1_100);
            final int before = run.upstream.accepted.get();
            run.upstream.reset();
            FaultRun.sleepMs(2_000);
            figures.holds("the old address is not used again", run.upstream.accepted.get() == before);
            Files.writeString(hosts, "127.0.0.8 other.test\n");
            FaultRun.sleepMs(2_000);
            figures.atLeast("attempts counted while the name is unknown",
                run.relay.metric("penstock_feed_connect_failures_total"), 2, "");
            Files.writeString(hosts, "127.0.0.1 venue.test\n");
            figures.atMost("until live once the name is back (1 s in the cache)", FaultRun.secondsUntil(30_000,
                () -> run.relay.metric("penstock_feed_live") == 1), 3, "s");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        } finally {
            Files.delete(hosts);
        }
    }

    private static void spoil(final FaultRun run, final int count) {
        for (int i = 0; i < count; i++) {
            if (i % 3 == 0) {
                final byte[] garbage = new byte[1 + run.random.nextInt(200)];
                run.random.nextBytes(garbage);
                run.upstream.inject(garbage);
            } else {
                run.upstream.down.corrupt = 0.01;
            }
            FaultRun.sleepMs(500);
            run.upstream.down.corrupt = 0;
        }
    }

    private static double lossToLive(final FaultRun run) throws Exception {
        final int[] lives = run.judges.stream().mapToInt(each -> each.lives).toArray();
        run.upstream.reset();
        return FaultRun.secondsUntil(30_000, () -> {
            for (int i = 0; i < lives.length; i++) {
                if (run.judges.get(i).lives == lives[i]) {
                    return false;
                }
            }
            return true;
        });
    }

    private static long[] lastNumbers(final FaultRun run) {
        final long[] numbers = new long[NumberedVenue.SYMBOLS];
        Arrays.setAll(numbers, run.script::last);
        return numbers;
    }

    private static double percentile(final double[] all, final double share) {
        final List<Double> sorted = new ArrayList<>();
        for (final double each : all) {
            sorted.add(each);
        }
        sorted.sort(null);
        return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
    }
}
