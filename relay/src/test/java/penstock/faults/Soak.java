package penstock.faults;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import penstock.audit.EndedSessions;
import penstock.system.Subscriber;
import penstock.testkit.FrameSocket;

/**
 * Faults of every kind, one after the other, chosen by a seed, for as long as asked for. After each the relay recovers
 * and is measured. One thread.
 */
final class Soak {
    private static final double MIB = 1 << 20;
    /** A relay has used all of its code and its young generation by then. */
    private static final double SETTLED_MINUTES = 10;
    private static final long BETWEEN_MS = 2_000;

    /** What the relay held at a quiet moment. */
    private record Sample(double minute, double residentMib, long descriptors, long threads) {
    }

    private final FaultRun run;
    private final List<Sample> samples = new ArrayList<>();
    private final int[] counts = new int[9];

    private Soak(final FaultRun run) {
        this.run = run;
    }

    /** Runs for {@code options.minutes()}. */
    static void run(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            new Soak(run).run(figures);
        }
    }

    private void run(final Figures figures) throws Exception {
        // what has a bound is full before growth is judged
        ClientFaults.visit(run, EndedSessions.KEPT);
        final long beganNs = System.nanoTime();
        final double limit = run.options.minutes();
        double minute = 0;
        while (minute < limit) {
            final int kind = run.random.nextInt(counts.length);
            fault(kind);
            counts[kind]++;
            FaultRun.awaitOrFail("recovery from fault " + kind + ", minute " + minute, 60_000, this::isWell);
            FaultRun.sleepMs(BETWEEN_MS);
            minute = (System.nanoTime() - beganNs) / 60e9;
            samples.add(new Sample(minute, run.residentBytes() / MIB, run.descriptors(), run.threads()));
        }
        report(figures, limit);
        run.assertWhole(figures);
    }

    private void report(final Figures figures, final double limit) {
        int all = 0;
        for (final int each : counts) {
            all += each;
        }
        figures.note("faults", all, "");
        // a run too short to settle is judged by its second half, and says so
        final double from = limit > SETTLED_MINUTES ? SETTLED_MINUTES : limit / 2;
        final List<Sample> settled = samples.stream().filter(each -> each.minute >= from).toList();
        figures.note("judged from minute", from, "");
        figures.note("samples judged", settled.size(), "");
        figures.note("resident at the end", settled.get(settled.size() - 1).residentMib, "MiB");
        figures.atMost("slope of the resident memory, in 10 minutes", slope(settled) * 10, 1, "MiB");
        figures.atMost("descriptors: most less fewest", settled.stream().mapToLong(Sample::descriptors).max().orElse(0)
            - settled.stream().mapToLong(Sample::descriptors).min().orElse(0), 10, "");
        figures.atMost("threads: most less fewest", settled.stream().mapToLong(Sample::threads).max().orElse(0)
            - settled.stream().mapToLong(Sample::threads).min().orElse(0), 4, "");
    }

    /** The line nearest to all samples, per minute. */
    private static double slope(final List<Sample> samples) {
        final double meanMinute = samples.stream().mapToDouble(Sample::minute).average().orElse(0);
        final double meanMib = samples.stream().mapToDouble(Sample::residentMib).average().orElse(0);
        double above = 0;
        double below = 0;
        for (final Sample each : samples) {
            above += (each.minute - meanMinute) * (each.residentMib - meanMib);
            below += (each.minute - meanMinute) * (each.minute - meanMinute);
        }
        return below == 0 ? 0 : above / below;
    }

    private boolean isWell() throws Exception {
        return run.relay.metric("penstock_feed_live") == 1
            && run.relay.metric("penstock_sessions") == run.options.sessions()
            && run.subscribers.stream().allMatch(each -> each.isSnapshotDone && !each.isGone);
    }

    private void fault(final int kind) throws Exception {
        switch (kind) {
            case 0 -> run.upstream.reset();
            case 1 -> run.upstream.finish();
            case 2 -> stall(500 + run.random.nextInt(7_000));
            case 3 -> {
                run.upstream.down.slice = 1 + run.random.nextInt(50);
                run.upstream.down.jitterMs = run.random.nextInt(50);
                FaultRun.sleepMs(3_000);
                run.upstream.down.clear();
            }
            case 4 -> replaceSessions();
            case 5 -> ClientFaults.visit(run, 200);
            case 6 -> {
                for (int i = 0; i < 200; i++) {
                    ClientFaults.attack(run.relay.port, run.random);
                }
            }
            case 7 -> {
                run.relay.signal("STOP");
                FaultRun.sleepMs(200 + run.random.nextInt(3_000));
                run.relay.signal("CONT");
            }
            default -> ask();
        }
    }

    private void stall(final long ms) {
        run.upstream.down.isStalled = true;
        FaultRun.sleepMs(ms);
        run.upstream.down.isStalled = false;
    }

    /** One of ten leaves without a word and comes back. */
    private void replaceSessions() {
        for (int i = 0; i < run.subscribers.size(); i += 10) {
            final Subscriber old = run.subscribers.get(i);
            run.fleet.remove(old);
            run.subscribers.set(i, run.fleet.open(old.path, 0, run.judges.get(i)));
        }
    }

    private void ask() throws Exception {
        for (int i = 0; i < 100; i++) {
            final HttpResponse<String> answer =
                run.relay.get(run.relay.port, i % 2 == 0 ? "/v1/snapshot" : "/v1/symbols?match=S1*");
            if (answer.statusCode() != 200 && answer.statusCode() != 429) {
                throw new IllegalStateException("HTTP " + answer.statusCode());
            }
            try (FrameSocket half = new FrameSocket(run.relay.port, 0)) {
                half.write(new byte[] {'G', 'E', 'T'});
            } catch (final IOException e) {
                throw new IllegalStateException("the relay takes no connection", e);
            }
        }
    }
}
