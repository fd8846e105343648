package penstock.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import penstock.testkit.FaultProxy;
import penstock.testkit.FrameSocket;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/** Subscribers that fail, or mean harm. One thread. */
final class ClientFaults {
    private static final long MIB = 1 << 20;
    private static final int RECEIVE_BYTES = 4_096;
    private static final long BASELINE_MS = 10_000;
    private static final double EVICT_SECONDS = 20;
    /** {@code fanout.ping-every} and {@code fanout.pong-within}. */
    private static final double DEAD_SECONDS = 25;
    /** What the relay waits for an answer to its Close frame. */
    private static final double CLOSE_SECONDS = 2;

    private ClientFaults() {
    }

    /** One of ten sessions never reads. */
    static void stalledReaders(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            FaultRun.sleepMs(3_000);
            final Pace calm = Pace.measure(run, BASELINE_MS);
            final long heapBefore = run.relay.heapAfterGc();
            final int count = options.sessions() / 10;
            final List<Socket> deaf = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                deaf.add(deaf(run.relay.port));
            }
            final long beganNs = System.nanoTime();
            final Pace during = Pace.measure(run, BASELINE_MS);
            final double heap = (run.relay.heapAfterGc() - heapBefore) / (double) MIB;
            figures.note("sessions that never read", count, "");
            figures.atMost("heap after a collection", heap, 8 + count / 16.0, "MiB");
            FaultRun.awaitOrFail("end of those that never read", 60_000,
                () -> run.relay.metric("penstock_sessions") <= options.sessions());
            figures.between("until the relay has cut them (fanout.evict-blocked-after)",
                (System.nanoTime() - beganNs) / 1e9, EVICT_SECONDS, EVICT_SECONDS + 4, "s");
            during.compare(calm, 1.25, figures);
            figures.atLeast("the same, with its bar", during.share(calm), 0.98, "");
            for (final Socket each : deaf) {
                each.close();
            }
            figures.atMost("other sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** The network of all clients drops everything: no reset, no end. */
    static void halfOpen(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options); FaultProxy clients = new FaultProxy(run.relay.port, new Random(1))) {
            run.openSessions(clients.port());
            clients.up.isStalled = true;
            clients.down.isStalled = true;
            final double seconds =
                FaultRun.secondsUntil(60_000, () -> run.relay.metric("penstock_sessions") == 0);
            figures.atMost("until no session is left (ping every 10 s, pong within 15 s, close within 2 s)", seconds,
                DEAD_SECONDS + CLOSE_SECONDS + 0.5, "s");
            run.newFleet();
            clients.reset();
            run.reopen();
            figures.atMost("until all of them are back", FaultRun.secondsUntil(30_000,
                () -> run.subscribers.stream().allMatch(each -> each.isSnapshotDone)), 10, "s");
            run.assertWhole(figures);
        }
    }

    /** All sessions are cut and come back at once. */
    static void massReconnect(final FaultOptions options, final Figures figures) throws Exception {
        final FaultOptions many = new FaultOptions(options.count(), options.sessions() == 200 ? 1_000
            : options.sessions(), options.perSecond(), 0, options.seed());
        try (FaultRun run = new FaultRun(many)) {
            run.openSessions();
            final long updates = run.relay.metric("penstock_feed_updates_total");
            for (int i = 0; i < options.count(3); i++) {
                run.subscribers.forEach(run.fleet::drop);
                run.reopen();
                figures.atMost("until the last of " + many.sessions() + " has its images", FaultRun.secondsUntil(60_000,
                    () -> run.subscribers.stream().allMatch(each -> each.isSnapshotDone)), 10, "s");
            }
            figures.atLeast("updates that came in meanwhile", run.relay.metric("penstock_feed_updates_total") - updates,
                1, "");
            figures.atMost("updates dropped or conflated before the sessions", run.relay.metric(
                "penstock_ring_dropped_total") + run.relay.metric("penstock_ring_conflated_total"), 0, "");
            figures.atMost("connections to the venue lost", run.relay.metric("penstock_feed_disconnects_total"), 0, "");
            run.assertWhole(figures);
        }
    }

    /** Clients come, subscribe, get their images and leave, in order or by a reset, 200 a second. */
    static void churn(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            visit(run, 200);
            final long heapBefore = run.relay.heapAfterGc();
            final long descriptors = run.descriptors();
            final int count = options.count(20_000);
            final long beganNs = System.nanoTime();
            visit(run, count);
            figures.note("visits", count, "");
            figures.note("visits a second", count / ((System.nanoTime() - beganNs) / 1e9), "");
            figures.atMost("until every visitor is forgotten", FaultRun.secondsUntil(10_000,
                () -> run.relay.metric("penstock_sessions") == options.sessions()), 2, "s");
            figures.between("descriptors more than before", run.descriptors() - descriptors, -5, 5, "");
            figures.atMost("heap after a collection more than before",
                (run.relay.heapAfterGc() - heapBefore) / (double) MIB, 5, "MiB");
            figures.atMost("other sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** Garbage, broken frames, floods, half handshakes, huge messages and resets, without an end. */
    static void hostileMix(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            FaultRun.sleepMs(3_000);
            final Pace calm = Pace.measure(run, BASELINE_MS);
            final long endNs = System.nanoTime() + options.count(300) * 1_000_000_000L;
            final long[] attacks = {0};
            final Thread attacker = new Thread(() -> {
                while (System.nanoTime() - endNs < 0) {
                    attack(run.relay.port, run.random);
                    attacks[0]++;
                }
            }, "attacker");
            attacker.start();
            final Pace during = Pace.measure(run, options.count(300) * 1_000L);
            attacker.join();
            figures.note("attacks", attacks[0], "");
            during.compare(calm, 1.5, figures);
            figures.atMost("other sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** One hostile connection; what comes of it is the relay's affair. */
    static void attack(final int port, final Random random) {
        try (FrameSocket client = new FrameSocket(port, random.nextBoolean() ? RECEIVE_BYTES : 0)) {
            final int kind = random.nextInt(10);
            if (kind == 0) {
                client.write(random(random, 4_096));
                return;
            }
            final byte[] handshake = handshake("/v1/ws?symbols=*&interval=0");
            if (kind == 1) {
                client.write(Arrays.copyOf(handshake, 40));
                client.socket.setSoLinger(true, 0);
                return;
            }
            client.write(handshake);
            client.readHead();
            switch (kind) {
                case 2 -> client.write(random(random, 1_000));
                case 3 -> client.write(FrameSocket.frame(0x81, new byte[] {(byte) 0xc0, (byte) 0x80}));
                case 4 -> client.write(FrameSocket.frame(0x81, new byte[300_000]));
                case 5 -> flood(client, "{\"op\":\"ping\"}", 3_000);
                case 6 -> flood(client, "{\"op\":\"nothing\"}", 60);
                case 7 -> client.write(FrameSocket.frame(0xc1, random(random, 200)));
                case 8 -> {
                    client.write(new byte[] {(byte) 0x81, (byte) 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0});
                    client.readFrame();
                }
                default -> client.socket.setSoLinger(true, 0);
            }
        } catch (final IOException e) {
            // refused, cut or closed, as it should be
        }
    }

    /** Takes images and leaves. */
    static void visit(final FaultRun run, final int count) throws IOException {
        final long beganNs = System.nanoTime();
        for (int i = 0; i < count; i++) {
            try (FrameSocket client = new FrameSocket(run.relay.port, 0)) {
                client.write(handshake("/v1/ws?symbols=" + NumberedVenue.symbol(i % NumberedVenue.SYMBOLS)));
                client.readHead();
                String text = "";
                while (!text.startsWith("{\"type\":\"snapshot\"")) {
                    final FrameSocket.Frame frame = client.readFrame();
                    text = frame.opcode() == Opcode.TEXT ? frame.text() : "";
                }
                if (i % 2 == 0) {
                    client.socket.setSoLinger(true, 0);
                } else {
                    client.write(FrameSocket.message(Opcode.CLOSE, new byte[] {3, (byte) 0xe8}));
                }
            }
            FaultRun.sleepMs(Math.max(0, (beganNs + i * 5_000_000L - System.nanoTime()) / 1_000_000));
        }
    }

    private static Socket deaf(final int port) throws IOException {
        final Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        socket.getOutputStream().write(handshake("/v1/ws?symbols=*&interval=0"));
        return socket;
    }

    private static void flood(final FrameSocket client, final String text, final int count) throws IOException {
        final byte[] frame = FrameSocket.text(text);
        try {
            for (int i = 0; i < count; i++) {
                client.write(frame);
            }
        } catch (final SocketException e) {
            return;
        }
    }

    private static byte[] random(final Random random, final int count) {
        final byte[] bytes = new byte[1 + random.nextInt(count)];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] handshake(final String target) {
        return FrameSocket.handshake(target, Handshake.newKey()).getBytes(StandardCharsets.US_ASCII);
    }
}
