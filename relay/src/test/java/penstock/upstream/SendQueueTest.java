package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.time.RateSpec;

class SendQueueTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final ManualClock clock = new ManualClock();
    private final List<String> sent = new ArrayList<>();
    private final List<Long> sentNs = new ArrayList<>();
    private final List<Long> requestNs = new ArrayList<>();

    @Test
    void shouldSendImmediatelyWithoutALimit() {
        final SendQueue queue = queue(null, null);
        for (int i = 0; i < 100; i++) {
            assertThat(queue.request(bytes("q" + i), () -> { })).isTrue();
        }
        assertThat(sent).hasSize(100);
        assertThat(clock.timerCount()).isZero();
    }

    @Test
    void shouldSpaceMessagesEvenly() {
        final SendQueue queue = queue(new RateSpec(5, 1000, 200), null);
        for (int i = 0; i < 4; i++) {
            queue.request(bytes("q" + i), () -> { });
        }
        assertThat(sent).containsExactly("q0");
        clock.advance(199);
        assertThat(sent).hasSize(1);
        clock.advance(1);
        assertThat(sent).containsExactly("q0", "q1");
        clock.advance(400);
        assertThat(sent).containsExactly("q0", "q1", "q2", "q3");
        assertThat(clock.timerCount()).isZero();
    }

    @Test
    void shouldSendRepliesFirstAndOnlyTheLatestPong() {
        final SendQueue queue = queue(new RateSpec(1, 1000, 0), null);
        queue.request(bytes("q0"), () -> { });
        queue.request(bytes("q1"), () -> { });
        queue.reply(bytes("r0"), () -> { });
        queue.pong(bytes("old"), 0, 3);
        queue.pong(bytes("new"), 0, 3);
        clock.advance(5000);
        assertThat(sent).containsExactly("q0", "pong new", "r0", "q1");
    }

    @Test
    void shouldLimitRequestsSeparatelyFromReplies() {
        final SendQueue queue = queue(null, new RateSpec(1, 60_000, 0));
        queue.request(bytes("q0"), () -> { });
        queue.request(bytes("q1"), () -> { });
        queue.reply(bytes("r0"), () -> { });
        queue.pong(bytes("p"), 0, 1);
        assertThat(sent).containsExactly("q0", "r0", "pong p");
        clock.advance(60_001);
        assertThat(sent).endsWith("q1");
    }

    @Test
    void shouldBoundTheQueue() {
        final SendQueue queue = queue(new RateSpec(1, 3_600_000, 0), null);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            taken += queue.request(bytes("q"), () -> { }) ? 1 : 0;
            queue.reply(bytes("r"), () -> { });
            queue.pong(bytes("p"), 0, 1);
        }
        assertThat(taken).isEqualTo(SendQueue.MAX_REQUESTS + 1);
        assertThat(queue.size()).isEqualTo(SendQueue.MAX_REQUESTS + SendQueue.MAX_REPLIES + 1);
        queue.stop();
        assertThat(queue.size()).isZero();
        assertThat(clock.timerCount()).isZero();
    }

    @Test
    void shouldNeverSendMoreThanThePermitsInAnyWindow() {
        for (final long seed : seeds.rounds(200)) {
            final Random random = Seeds.random(seed);
            final RateSpec all = rate(random);
            final RateSpec requests = random.nextBoolean() ? rate(random) : null;
            sentNs.clear();
            requestNs.clear();
            final SendQueue queue = queue(all, requests);
            int offered = 0;
            for (int i = 0; i < 200; i++) {
                // bursts of any kind at any time
                for (int n = random.nextInt(6); n > 0; n--) {
                    final boolean isReply = random.nextInt(3) == 0;
                    offered += isReply ? reply(queue) : request(queue);
                }
                clock.advance(random.nextInt(4) == 0 ? random.nextLong(2 * all.perMs()) : random.nextLong(5));
            }
            for (int i = 0; i < 100_000 && queue.size() > 0; i++) {
                clock.advance(all.perMs() + all.spacingMs());
            }
            assertThat(queue.size()).as("all sent in the end").isZero();
            assertThat(sentNs).hasSize(offered);
            check(all, sentNs);
            if (requests != null) {
                check(requests, requestNs);
            }
        }
    }

    private static void check(final RateSpec rate, final List<Long> times) {
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).as("spacing")
                .isGreaterThanOrEqualTo(rate.spacingMs() * 1_000_000);
        }
        for (int i = rate.permits(); i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - rate.permits())).as("%s at %d", rate, i)
                .isGreaterThan(rate.perMs() * 1_000_000);
        }
    }

    private static RateSpec rate(final Random random) {
        return new RateSpec(1 + random.nextInt(10), 1 + random.nextInt(2000), random.nextInt(300));
    }

    private int request(final SendQueue queue) {
        return queue.request(bytes("q"), () -> requestNs.add(clock.nowNs())) ? 1 : 0;
    }

    private int reply(final SendQueue queue) {
        return queue.reply(bytes("r"), () -> { }) ? 1 : 0;
    }

    private SendQueue queue(final RateSpec all, final RateSpec requests) {
        return new SendQueue(clock, new Upstream() {
            @Override
            public void sendText(final byte[] utf8) {
                sent.add(new String(utf8, StandardCharsets.UTF_8));
                sentNs.add(clock.nowNs());
            }

            @Override
            public void sendPong(final byte[] payload, final int offset, final int length) {
                sent.add("pong " + new String(payload, offset, length, StandardCharsets.UTF_8));
                sentNs.add(clock.nowNs());
            }

            @Override
            public void close(final int code, final String reason) {
                throw new AssertionError("not its business");
            }

            @Override
            public void abort() {
                throw new AssertionError("not its business");
            }
        }, all, requests);
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
