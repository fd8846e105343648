package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.subscription.Interest;
import penstock.ring.TopicState;
import penstock.testkit.Seeds;
import penstock.testkit.WebSocketFormats;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/** What a shard says is wanted of the venue. */
@Tag("slow")
class InterestTest {
    private static final String[] NAMES = {"EURUSD", "EURGBP", "GBPUSD", "BTCUSD"};
    private static final String[] PATTERNS = {"EUR*", "*USD", "*", "EURUSD", "EURGBP", "GBPUSD", "BTCUSD"};

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final List<String> reports = new ArrayList<>();
    private final Set<String> wanted = new TreeSet<>();

    @Test
    void shouldReportEachChangeOfInterestOnce() {
        final ShardRig rig = rig();
        rig.tick("A");
        final Session first = rig.open(rig.socket(), WebSocketFormat.PLAIN);
        final Session second = rig.open(rig.socket(), WebSocketFormats.RAW);
        rig.subscribe(first, "x", 0, "A", "B", "C*", "B");
        rig.subscribe(first, "x", 0, "A", "B");
        rig.subscribe(first, "y", 0, "B");
        rig.subscribe(second, "0", 0, "B", "D");
        assertThat(reports).containsExactly("+0[A, B]", "+0[D]");
        first.onRequest(new Request.Unsubscribe(null, "x", List.of()));
        assertThat(reports).containsExactly("+0[A, B]", "+0[D]", "-0[A]");
        first.close(Termination.DRAINED);
        second.onDisconnected(Termination.CLIENT_GONE);
        assertThat(reports.subList(3, 4)).containsExactly("-0[B, D]");
        assertThat(wanted).isEmpty();
    }

    @Test
    void shouldReportNoInterestForPatternsAndModeOnce() {
        final ShardRig rig = rig();
        rig.tick("A");
        final Session session = rig.open(rig.socket(), WebSocketFormat.PLAIN);
        rig.subscribe(session, "x", 0, "A*", "*");
        session.onRequest(ShardRig.request("once", Mode.ONCE, -1, "A", "B"));
        rig.thread.run();
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldCountASymbolOnceWhenItsTopicAppears() {
        final ShardRig rig = rig();
        final Session session = rig.open(rig.socket(), WebSocketFormat.PLAIN);
        rig.subscribe(session, "x", 0, "A", "B", "A*");
        rig.tick("A");
        rig.state(TopicState.CLOSED, "no", "B");
        rig.subscribe(session, "x", 0, "A", "B");
        assertThat(reports).containsExactly("+0[A, B]");
        session.onRequest(new Request.Unsubscribe(null, "x", ShardRig.patterns("*")));
        assertThat(reports).containsExactly("+0[A, B]", "-0[A, B]");
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(reports).hasSize(2);
    }

    @Test
    void shouldCountInterestPerChannel() {
        final ShardRig rig = rig();
        final Session session = rig.open(rig.socket(), WebSocketFormat.PLAIN);
        rig.subscribe(session, "x", 0, "A");
        session.onRequest(new Request.Subscribe(null, "k", "kline", ShardRig.patterns("A"), Mode.CONFLATE, 0, true));
        rig.thread.run();
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(reports).containsExactly("+0[A]", "+1[A]", "-0[A]", "-1[A]");
    }

    @Test
    void shouldAgreeWithAReferenceCountForRandomRequests() {
        for (final long seed : seeds.rounds(500)) {
            new Sequence(Seeds.random(seed)).run();
        }
    }

    /**
     * Random requests of some sessions, while topics appear; the reference keeps the names of each subscription and
     * nothing else.
     */
    private final class Sequence {
        private final Random random;
        private final ShardRig rig;
        private final List<Session> sessions = new ArrayList<>();
        private final Map<Session, Map<String, Set<String>>> names = new HashMap<>();
        private final Set<Session> raw = new HashSet<>();
        private int onces;

        Sequence(final Random random) {
            this.random = random;
            wanted.clear();
            rig = rig();
        }

        void run() {
            for (int step = 0; step < 40; step++) {
                step();
                rig.thread.run();
                final Set<String> expected = new TreeSet<>();
                names.values().forEach(subs -> subs.values().forEach(expected::addAll));
                assertThat(wanted).isEqualTo(expected);
            }
            sessions.forEach(session -> session.onDisconnected(Termination.CLIENT_GONE));
            assertThat(wanted).isEmpty();
        }

        private void step() {
            if (sessions.isEmpty() || random.nextInt(10) == 0) {
                final boolean isRaw = random.nextInt(3) == 0;
                final Session session =
                    rig.open(rig.socket(), isRaw ? WebSocketFormats.RAW : WebSocketFormat.PLAIN);
                if (isRaw) {
                    raw.add(session);
                }
                sessions.add(session);
                names.put(session, new HashMap<>());
            }
            final Session session = sessions.get(random.nextInt(sessions.size()));
            final String sub = "s" + random.nextInt(2);
            final List<SymbolPattern> patterns = patterns();
            final int kind = random.nextInt(8);
            if (kind >= 3 && kind <= 5 && raw.contains(session) && !names.get(session).containsKey(sub)) {
                // a refusal ends a session that cannot be sent the reason
                return;
            }
            switch (kind) {
                case 0, 1, 2 -> {
                    session.onRequest(new Request.Subscribe(null, sub, null, patterns, Mode.CONFLATE, 0, true));
                    final Set<String> named = names.get(session).computeIfAbsent(sub, s -> new HashSet<>());
                    patterns.stream().filter(SymbolPattern::isExact).forEach(pattern -> named.add(pattern.text()));
                }
                case 3, 4 -> {
                    session.onRequest(new Request.Unsubscribe(null, sub, patterns));
                    names.get(session).getOrDefault(sub, new HashSet<>())
                        .removeIf(name -> patterns.stream().anyMatch(pattern -> pattern.matches(name)));
                }
                case 5 -> {
                    if (random.nextBoolean()) {
                        session.onRequest(new Request.Unsubscribe(null, sub, List.of()));
                        names.get(session).remove(sub);
                    } else {
                        session.onDisconnected(Termination.CLIENT_GONE);
                        sessions.remove(session);
                        names.remove(session);
                    }
                }
                case 6 -> {
                    if (!raw.contains(session)) {
                        session.onRequest(
                            new Request.Subscribe(null, "once" + onces++, null, patterns, Mode.ONCE, -1, true));
                    }
                }
                default -> {
                    if (random.nextBoolean()) {
                        rig.tick(NAMES[random.nextInt(NAMES.length)]);
                    } else {
                        rig.state(TopicState.CLOSED, "no", NAMES[random.nextInt(NAMES.length)]);
                    }
                }
            }
        }

        private List<SymbolPattern> patterns() {
            final Set<String> texts = new HashSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                texts.add(PATTERNS[random.nextInt(PATTERNS.length)]);
            }
            return ShardRig.patterns(texts.toArray(String[]::new));
        }
    }

    private ShardRig rig() {
        final ShardRig rig = new ShardRig(new SessionLimits(1_000, 5_000, 65_536, 1_000_000, 0, 60_000));
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
                reports.add("+" + channel + symbols.stream().sorted().toList());
                symbols.forEach(symbol -> assertThat(wanted.add(channel == 0 ? symbol : channel + symbol))
                    .as("newly wanted").isTrue());
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                reports.add("-" + channel + symbols.stream().sorted().toList());
                symbols.forEach(symbol -> assertThat(wanted.remove(channel == 0 ? symbol : channel + symbol))
                    .as("was wanted").isTrue());
            }
        }, 100);
        return rig;
    }
}
