package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/**
 * A client of quotes and of trades is cut off a thousand times, anywhere in a frame, stays away for 10 s, and comes
 * back with the two numbers that it keeps of each subscription: it loses nothing, gets nothing twice, and receives
 * what changed.
 */
@Tag("slow")
class ReconnectingClientTest {
    private static final int SYMBOLS = 200;
    private static final int LEAVES = 1_000;
    /** Welcome, acks, heads of messages. */
    private static final int FIXED_BYTES = 1_500;
    private static final int ENTRY_BYTES = 60;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Random random = seeds.random();
    private final ShardRig rig = new ShardRig(new SessionLimits(3, 1_000, 65_536, 1_000, 0, 60_000), 4096, 4 << 20,
        List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false)));
    /** By symbol: the sequence of the newest update, and what the client has. */
    private final Map<String, Long> truth = new HashMap<>();
    private final Map<String, Long> known = new HashMap<>();
    private final Map<String, Long> positions = new HashMap<>();
    private final Set<String> changedAway = new HashSet<>();
    private RecordingSocket socket;
    private Session session;
    private boolean isBack;

    @Test
    void shouldResumeWithoutLossOrRepetition() {
        for (int i = 0; i < SYMBOLS; i++) {
            tick("Q" + i);
            tick("T.Q" + i);
        }
        connect(false);
        for (int leave = 0; leave < LEAVES; leave++) {
            for (int i = random.nextInt(5); i > 0; i--) {
                someTicks(20);
                rig.thread.advanceMs(random.nextInt(200));
                receive();
            }
            socket.takeOnly(random.nextInt(2_000));
            someTicks(40);
            rig.thread.advanceMs(100);
            receive();
            session.onDisconnected(Termination.CLIENT_GONE);
            // what was in the frame that broke off counts as changed while the client was away
            changedAway.clear();
            truth.forEach((symbol, q) -> {
                if (q > known.get(symbol)) {
                    changedAway.add(symbol);
                }
            });
            for (int i = 0; i < 10; i++) {
                someTicks(random.nextInt(30));
                rig.thread.advanceMs(1_000);
            }
            connect(true);
            assertThat(known).as("leave %d", leave).isEqualTo(truth);
        }
    }

    private void connect(final boolean again) {
        socket = rig.socket();
        session = rig.open(socket, WebSocketFormat.PLAIN);
        isBack = again;
        final long trades = truth.entrySet().stream().filter(each -> each.getKey().startsWith("T.") && again)
            .mapToLong(each -> each.getValue() - known.get(each.getKey())).sum();
        final long quotes = changedAway.stream().filter(symbol -> symbol.startsWith("Q")).count();
        subscribe("q", "quote", SubscriptionOptions.of(Mode.CONFLATE, 100, null));
        subscribe("t", "trade", SubscriptionOptions.UNSPECIFIED);
        final List<String> texts = receive();
        if (again) {
            final long bytes = texts.stream().mapToLong(String::length).sum();
            assertThat(bytes).as("%d quotes, %d trades", quotes, trades)
                .isLessThanOrEqualTo(FIXED_BYTES + ENTRY_BYTES * (quotes + trades));
            assertThat(texts.stream().filter(text -> text.contains("\"resumed\":true}"))).hasSize(2);
        }
        isBack = false;
    }

    private void subscribe(final String sub, final String channel, final SubscriptionOptions terms) {
        session.onRequest(new Request.Subscribe("1", sub, channel, ShardRig.patterns("*"), true,
            positions.containsKey(sub) ? new Resume(7, positions.get(sub)) : null, terms));
        rig.thread.run();
    }

    private void someTicks(final int most) {
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            tick((random.nextBoolean() ? "Q" : "T.Q") + random.nextInt(random.nextInt(4) == 0 ? SYMBOLS : 5));
        }
    }

    private void tick(final String symbol) {
        truth.merge(symbol, 1L, Long::sum);
        changedAway.add(symbol);
        rig.tick(symbol);
    }

    /** Applies the frames that came whole. */
    private List<String> receive() {
        final List<String> texts = new ArrayList<>(ShardRig.texts(socket));
        for (final String text : texts) {
            if (text.startsWith("{\"type\":\"snapshot\"") || text.startsWith("{\"type\":\"update\"")) {
                onData(ParsedJson.object(ParsedJson.parse(text)), text);
            }
            assertThat(text).doesNotStartWith("{\"type\":\"gap\"").doesNotContain("\"error\"");
        }
        return texts;
    }

    private void onData(final Map<?, ?> message, final String text) {
        final boolean isSnapshot = ParsedJson.bare(message.get("type")).equals("snapshot");
        final String sub = ParsedJson.bare(message.get("sub"));
        for (final Object each : ParsedJson.list(message.get("data"))) {
            final Map<?, ?> entry = ParsedJson.object(each);
            final String symbol = ParsedJson.bare(entry.get("s"));
            final long q = Long.parseLong(ParsedJson.bare(entry.get("q")));
            final long conflated = entry.containsKey("c") ? Long.parseLong(ParsedJson.bare(entry.get("c"))) : 0;
            final Long before = known.put(symbol, q);
            if (before != null) {
                assertThat(q).as("%s is sent twice: %s", symbol, text).isGreaterThan(before);
            }
            if (!isSnapshot) {
                assertThat(q - before).as(symbol).isEqualTo(conflated + 1);
            }
            if (isBack) {
                assertThat(changedAway).contains(symbol);
            }
        }
        final long p = Long.parseLong(ParsedJson.bare(message.get("p")));
        if (p > 0) {
            positions.put(sub, p);
        }
    }
}
