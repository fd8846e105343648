package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/**
 * A million updates to a thousand clients whose rights change at random, 500 times a second: nothing that a client may
 * not see is begun after it lost it, no session is cut, and the ledger of all others is exact. {@code
 * -Dpenstock.rights.updates=N} sends more.
 */
@Tag("slow")
@Tag("gate")
class RightsUnderLoadTest {
    private static final int UPDATES = Integer.getInteger("penstock.rights.updates", 1_000_000);
    private static final int CLIENTS = 1_000;
    private static final int PRODUCTS = 10;
    private static final int SYMBOLS = 100;
    private static final int UPDATES_PER_MS = 50;
    /** One of them is sent every update. */
    private static final int PER_TAPE = 200;
    private static final int PER_SLOW = 50;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final ManualThread thread = new ManualThread(1_000_000_000L);
    private final Counters counters = new Counters("fanout-0");
    private final Telemetry telemetry = new Telemetry();
    private final Channel channel = new Channel(0, "quote", "last-value", true);
    private final TickRing ring = new TickRing(1 << 12, 1 << 20);
    private final Shard shard = TestShards.shard(thread, ring.poller(counters),
        new TopicTable(List.of(channel), 7, 0, 1 << 24),
        new SessionTimeouts(3_600_000_000_000L, 3_600_000_000_000L, 3_600_000_000_000L, 3_600_000_000_000L),
        new SessionLimits(9, 1_000, 65_536, 10_000, 0, 60_000), counters, telemetry.errors());
    private final ShardProxy proxy = new ShardProxy(thread, shard);
    private final TickPublisher publisher =
        ring.publisher(counters, List.of(proxy::wake), each -> channel.newConflator());
    private final ModelClients clients = new ModelClients(thread, shard, IntStream.range(0, PRODUCTS)
        .mapToObj(i -> "p" + i + "=S" + i + "*").toArray(String[]::new));
    private final long[] newest = new long[SYMBOLS];
    private final List<Client> all = new ArrayList<>();
    private long entries;
    private int denials;

    @Test
    void shouldSendNothingThatAClientMayNotSeeAndAllElse() {
        final long seed = seeds.rounds(1).iterator().next();
        final Random random = Seeds.random(seed);
        proxy.start();
        for (int i = 0; i < SYMBOLS; i++) {
            final byte[] name = symbol(i).getBytes(StandardCharsets.US_ASCII);
            publisher.addTopic(0, name, 0, name.length);
        }
        for (int i = 0; i < CLIENTS; i++) {
            all.add(new Client(i, random));
        }
        int changes = 0;
        for (int sent = 0; sent < UPDATES; sent += UPDATES_PER_MS) {
            for (int i = 0; i < UPDATES_PER_MS; i++) {
                tick(random.nextInt(SYMBOLS));
            }
            publisher.flush();
            if (random.nextBoolean()) {
                all.get(random.nextInt(CLIENTS)).change();
                changes++;
            }
            thread.advanceMs(1);
            final Client client = all.get(random.nextInt(CLIENTS / PER_SLOW) * PER_SLOW);
            client.socket.takeOnly(random.nextInt(20_000));
            client.writable();
        }
        all.forEach(client -> client.socket.takeAll());
        for (int i = 0; i < 30; i++) {
            all.forEach(Client::writable);
            thread.advanceMs(100);
        }
        all.forEach(Client::checkEnd);
        assertThat(changes).isGreaterThan(UPDATES / UPDATES_PER_MS / 3);
        assertThat(denials).isGreaterThan(changes);
        assertThat(entries).isGreaterThan(UPDATES);
        assertThat(shard.sessionCount()).isEqualTo(CLIENTS);
        assertThat(counters.get(Counter.SESSIONS_REVOKED)).isZero();
        assertThat(telemetry.errors().entries()).isEmpty();
    }

    private void tick(final int symbol) {
        final byte[] value = ("{\"n\":" + ++newest[symbol] + "}").getBytes(StandardCharsets.US_ASCII);
        publisher.publish(symbol, TickPublisher.NO_TIME, thread.nowNs(),
            new UpdateSlice().set(value, 0, value.length, 0, value.length));
    }

    private static String symbol(final int i) {
        return "S" + i / PRODUCTS + i % PRODUCTS;
    }

    /** A client that checks all that it is sent. */
    private final class Client {
        private final RecordingSocket socket;
        private final Session session;
        private final String id;
        private final Random random;
        private final boolean isTape;
        private final Set<Integer> products = new HashSet<>();
        /** Or could see since the frame began of which the socket has taken a part. */
        private final Set<Integer> before = new HashSet<>();
        private final long[] q = new long[SYMBOLS];

        Client(final int number, final Random random) {
            this.random = random;
            id = "c" + number;
            isTape = number % PER_TAPE == 1;
            for (int i = 0; i < PRODUCTS; i++) {
                if (random.nextBoolean()) {
                    products.add(i);
                }
            }
            socket = new RecordingSocket(thread, random);
            session = shard.open(socket, WebSocketFormat.PLAIN, "test", clients.client(id, names()), "test");
            session.onRequest(isTape ? ShardRig.request("s", Mode.ALL, -1, "*")
                : ShardRig.request("s", Mode.CONFLATE, 400 + number % 200, number % 2 == 0 ? "*" : "S*"));
        }

        private String[] names() {
            return products.stream().map(i -> "p" + i).toArray(String[]::new);
        }

        void change() {
            read();
            if (socket.partOfFrame() > 0) {
                before.addAll(products);
            }
            final int product = random.nextInt(PRODUCTS);
            if (!products.remove(product)) {
                products.add(product);
            }
            clients.grant(id, names());
        }

        void writable() {
            while (socket.wantsWrites() && !socket.isStalled()) {
                session.onWritable();
            }
            read();
        }

        void checkEnd() {
            read();
            for (int i = 0; i < SYMBOLS; i++) {
                assertThat(q[i]).as(id + " " + symbol(i)).isEqualTo(products.contains(i / PRODUCTS) ? newest[i] : 0);
            }
        }

        private void read() {
            for (final RecordingSocket.Frame frame : socket.takeFrames()) {
                assertThat(frame.opcode()).isEqualTo(1);
                final String text = frame.text();
                if (text.startsWith("{\"type\":\"status\"")) {
                    onStatus(text);
                } else {
                    final boolean isImage = text.startsWith("{\"type\":\"snapshot\"");
                    for (int at = text.indexOf("{\"s\":"); at >= 0; at = text.indexOf("{\"s\":", at + 1)) {
                        entry(text, at, isImage);
                    }
                }
                before.clear();
            }
        }

        private void onStatus(final String text) {
            for (int i = 0; i < SYMBOLS && text.contains("\"denied\""); i++) {
                if (text.contains("\"" + symbol(i) + "\"")) {
                    assertThat(q[i]).as(symbol(i) + " was sent before").isPositive();
                    q[i] = 0;
                    denials++;
                }
            }
        }

        private void entry(final String text, final int at, final boolean isImage) {
            entries++;
            final int product = text.charAt(at + 7) - '0';
            final int symbol = product * PRODUCTS + text.charAt(at + 8) - '0';
            if (!products.contains(product) && !before.contains(product)) {
                throw new AssertionError(id + " may not see " + symbol(symbol) + ": " + text);
            }
            int end = text.indexOf(',', at + 15);
            final long next = Long.parseLong(text.substring(at + 15, end));
            long conflated = 0;
            if (text.startsWith(",\"c\":", end)) {
                final int from = end + 5;
                end = text.indexOf(',', from);
                conflated = Long.parseLong(text.substring(from, end));
            }
            final boolean isExact = isImage ? next >= q[symbol] : next - q[symbol] == conflated + 1;
            if (!isExact || isTape && conflated > 0 || !text.startsWith(",\"v\":{\"n\":" + next + "}}", end)) {
                throw new AssertionError(id + " had q " + q[symbol] + " of " + text.substring(at, end + 20));
            }
            q[symbol] = next;
        }
    }
}
