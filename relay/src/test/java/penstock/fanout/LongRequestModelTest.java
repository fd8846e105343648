package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/**
 * One client sends its patterns in long requests, while topics come and go between the slices; another sends the same
 * patterns one by one, and each is handled at once. In the end both have the same topics.
 */
class LongRequestModelTest {
    private static final int ROUNDS = 12;
    private static final Pattern SYMBOL = Pattern.compile("\"s\":\"([^\"]+)\"");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldGiveALongRequestTheTopicsOfManyShortOnes() {
        for (final long seed : seeds.rounds(ROUNDS)) {
            new Round(seed).run();
        }
    }

    private static final class Round {
        private final Random random;
        private final WorkingThread thread = new WorkingThread(1_000_000_000L, 100_000);
        private final ShardRig rig = new ShardRig(thread, new SessionLimits(10, 10_000, 262_144, 10_000, 0, 60_000),
            4_096, 4 << 20, List.of(new Channel(0, "quote", "last-value", true)), MemoryShare.unlimited());
        private final List<String> symbols = new ArrayList<>();
        private final RecordingSocket longSocket = rig.socket();
        private final RecordingSocket shortSocket = rig.socket();
        private final Session longSession = rig.open(longSocket, WebSocketFormat.PLAIN);
        private final Session shortSession = rig.open(shortSocket, WebSocketFormat.PLAIN);

        Round(final long seed) {
            random = Seeds.random(seed);
        }

        void run() {
            for (int i = 0; i < 400; i++) {
                come();
            }
            rig.tick();
            for (int i = 0; i < 4; i++) {
                step(i == 0 || random.nextBoolean());
            }
        }

        /** Both send the same, then all topics change. */
        private void step(final boolean subscribes) {
            final String[] patterns = new String[50 + random.nextInt(14)];
            for (int i = 0; i < patterns.length; i++) {
                patterns[i] = pattern();
            }
            thread.work(() -> longSession.onRequest(request(subscribes, patterns)));
            int slices = 0;
            while (rig.shard.work().size() > 0) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    comeOrGo();
                }
                rig.feed.flush();
                thread.advanceMs(1);
                slices++;
            }
            assertThat(slices).isGreaterThan(1);
            for (final String pattern : patterns) {
                shortSession.onRequest(request(subscribes, pattern));
            }
            thread.advanceMs(1_000);
            takeSymbols(longSocket);
            takeSymbols(shortSocket);
            for (int i = random.nextInt(10); i > 0; i--) {
                comeOrGo();
            }
            for (final String symbol : symbols) {
                rig.feed.tick(symbol, thread.nowNs());
            }
            rig.tick();
            thread.advanceMs(1_000);
            assertThat(takeSymbols(longSocket)).containsExactlyInAnyOrderElementsOf(
                takeSymbols(shortSocket));
            assertThat(rig.telemetry.errors().distinctCount()).isZero();
        }

        private static Request request(final boolean subscribes, final String... patterns) {
            return subscribes ? ShardRig.request("sub", Mode.CONFLATE, 0, patterns)
                : new Request.Unsubscribe("1", "sub", ShardRig.patterns(patterns));
        }

        private String pattern() {
            final StringBuilder pattern = new StringBuilder("*");
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                pattern.append((char) ('0' + random.nextInt(10))).append('*');
            }
            return pattern.toString();
        }

        private void come() {
            final String symbol = Integer.toString(100_000 + random.nextInt(10_000_000));
            if (!symbols.contains(symbol)) {
                symbols.add(symbol);
                rig.feed.tick(symbol, thread.nowNs());
            }
        }

        private void comeOrGo() {
            if (random.nextBoolean()) {
                come();
            } else {
                rig.feed.forget(symbols.remove(random.nextInt(symbols.size())));
            }
        }

        private static Set<String> takeSymbols(final RecordingSocket socket) {
            final Set<String> found = new TreeSet<>();
            final Matcher matcher = SYMBOL.matcher(String.join("", ShardRig.texts(socket)));
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
            return found;
        }
    }
}
