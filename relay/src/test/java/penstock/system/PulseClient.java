package penstock.system;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.websocket.Opcode;

/**
 * A good client: a session of mode {@code all} that reads the pulse of a venue and measures how late each update comes.
 * Its own thread reads; any thread may ask.
 */
final class PulseClient implements AutoCloseable {
    private static final Pattern SENT = Pattern.compile("\"sent\":(\\d+)");
    /** Of the relay: what its subscribers wait for, and what stops all threads for a collection. */
    private static final Set<String> THREADS = Set.of("fanout I/O-1", "VM Thread");
    /** It works on while the io thread is held: of all its waits an update suffers one. */
    private static final Set<String> FEED = Set.of("feed I/O-1");
    private static final long NEAR_NS = 100_000_000;

    /** One update on its way; the waits of threads until its end. */
    private record Flight(long sentNs, long receivedNs, RunQueueWait.Waits waits, RunQueueWait.Waits feed) {
        /** The part of the time on its way in which no thread waited for a core. */
        long lateNs(final Flight before) {
            return Math.max(0, receivedNs - sentNs - waits.nsSince(before.waits) - feed.nsPerTurnSince(before.feed));
        }
    }

    /** One update on its way, and the part of that time for which the relay must answer. */
    private record Delay(long fromNs, long toNs, long lateNs) {
        boolean isNear(final Delay other) {
            return other.fromNs - toNs < NEAR_NS && fromNs - other.toNs < NEAR_NS;
        }
    }

    private final HostileClient client;
    private final long pid;
    private final List<Flight> flights = new ArrayList<>();
    private String gap;
    private boolean isLost;

    PulseClient(final RelayProcess relay) throws IOException {
        pid = relay.process.pid();
        client = HostileClient.upgraded(relay.port, "/v1/ws?mode=all&symbols=" + ManyQuotes.PULSE);
        final Thread reader = new Thread(this::read, "pulse");
        reader.setDaemon(true);
        reader.start();
    }

    /** Measures from now on. */
    void measure() {
        synchronized (flights) {
            flights.clear();
            gap = null;
        }
    }

    /**
     * How late the latest update came: the time from the venue to here, without that in which the relay and this client
     * waited for a core, and without what updates of {@code control} suffered at about that time, which the
     * machine does to any relay. Fails if updates are missing.
     */
    Duration lateness(final PulseClient control) {
        final List<Delay> calm = control.delays();
        long latestNs = 0;
        for (final Delay delay : delays()) {
            if (delay.lateNs > latestNs) {
                final long machineNs = calm.stream().filter(delay::isNear).mapToLong(Delay::lateNs).max().orElse(0);
                latestNs = Math.max(latestNs, delay.lateNs - machineNs);
            }
        }
        return Duration.ofNanos(latestNs);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private List<Delay> delays() {
        final List<Delay> delays = new ArrayList<>();
        synchronized (flights) {
            if (isLost || gap != null || flights.size() < 20) {
                throw new AssertionError(flights.size() + " updates came, then " + (isLost ? "no more" : gap));
            }
            int before = 0;
            for (final Flight flight : flights) {
                while (flights.get(before + 1).receivedNs <= flight.sentNs) {
                    before++;
                }
                // of those that were under way already, the waits are not known
                if (flight.sentNs >= flights.get(0).receivedNs) {
                    delays.add(new Delay(flight.sentNs, flight.receivedNs, flight.lateNs(flights.get(before))));
                }
            }
        }
        return delays;
    }

    private void read() {
        try (RunQueueWait waits = new RunQueueWait(pid, THREADS).andThisThread();
             RunQueueWait feed = new RunQueueWait(pid, FEED)) {
            while (true) {
                final HostileClient.Frame frame = client.readFrame();
                if (frame.opcode() == Opcode.PING) {
                    client.write(HostileClient.message(Opcode.PONG, frame.payload()));
                }
                final String text = frame.text();
                if (text.startsWith("{\"type\":\"update\"")) {
                    final long nowNs = System.nanoTime();
                    final RunQueueWait.Waits waited = waits.read();
                    final RunQueueWait.Waits feedWaited = feed.read();
                    final Matcher sent = SENT.matcher(text);
                    synchronized (flights) {
                        while (sent.find()) {
                            flights.add(new Flight(Long.parseLong(sent.group(1)), nowNs, waited, feedWaited));
                        }
                    }
                } else if (text.startsWith("{\"type\":\"gap\"")) {
                    synchronized (flights) {
                        gap = text;
                    }
                }
            }
        } catch (final IOException e) {
            synchronized (flights) {
                isLost = true;
            }
        }
    }
}
