package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.link.message.BadMessageException;
import penstock.link.message.LinkUpdate;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.Seeds;

/** What is held back comes out in the order of positions, whole, and not before its turn. */
class HeldBackTest {
    private static final int ROUNDS = 300;

    @RegisterExtension
    final Seeds seeds = new Seeds();

    private final Counters counters = new Counters("feed");
    private final List<String> released = new ArrayList<>();
    private final LinkTopic topic = new LinkTopic(0, "EURUSD");

    /** An update, or what happened right behind it. */
    private record Happening(long p, boolean isState, String value, String payload) {
        String text() {
            return isState ? "state " + p : p + " " + value + " " + payload;
        }
    }

    @Test
    void shouldNotCountAsKnownWhatMayBeAPartOfAnUpdateThatIsHeld() {
        final HeldBack held = new HeldBack((of, update) -> {
            of.q = update.q;
            of.p = update.p;
        }, counters, 1 << 20);
        held.add(topic, update(1, 10), true);
        held.add(topic, update(5, 100), true);
        held.add(new LinkTopic(1, "TRADES"), update(30, 60), false);
        held.release(70);
        assertThat(held.knownUpTo(70)).as("updates 2 to 4 may have been before 70").isEqualTo(10);
        held.release(100);
        assertThat(held.knownUpTo(100)).isEqualTo(100);
        held.add(topic, update(6, 120), true);
        held.release(110);
        assertThat(held.knownUpTo(110)).as("nothing is missing before update 6").isEqualTo(110);
        held.add(topic, update(9, 130), true);
        held.clear();
        assertThat(held.knownUpTo(110)).isEqualTo(110);
    }

    private static LinkUpdate update(final long q, final long p) {
        final LinkUpdate update = new LinkUpdate();
        update.q = q;
        update.p = p;
        update.bytes = new byte[] {'1'};
        update.valueLength = 1;
        update.state = TopicState.LIVE;
        return update;
    }

    @Test
    void shouldReleaseAllInTheOrderOfPositionsHoweverItCame() {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Random random = Seeds.random(seed);
            final HeldBack held = new HeldBack(this::publish, counters, 1 << 20);
            final List<Happening> all = happenings(random);
            final List<Deque<Happening>> channels = split(all, random);
            released.clear();
            long limit = 0;
            while (channels.stream().anyMatch(channel -> !channel.isEmpty())) {
                final Deque<Happening> channel = channels.get(random.nextInt(channels.size()));
                for (int n = random.nextInt(20); n > 0 && !channel.isEmpty(); n--) {
                    add(held, channel.poll());
                }
                // everything of all channels up to there has come
                limit = Math.max(limit, channels.stream().filter(each -> !each.isEmpty())
                    .mapToLong(each -> each.stream().mapToLong(Happening::p).min().orElseThrow()).min()
                    .orElse(Long.MAX_VALUE) - 1 - random.nextInt(3));
                held.release(limit);
                final long reached = limit;
                assertThat(released).isEqualTo(all.stream().filter(each -> each.p <= reached)
                    .map(Happening::text).toList());
            }
            held.release(Long.MAX_VALUE);
            assertThat(released).isEqualTo(all.stream().map(Happening::text).toList());
            assertThat(held.count()).isZero();
        }
    }

    @Test
    void shouldReleaseAsMuchAsThereIsRoomFor() {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Random random = Seeds.random(seed);
            final NarrowOutlet outlet = new NarrowOutlet();
            final HeldBack held = new HeldBack(outlet, counters, 1 << 20);
            final List<Happening> all = happenings(random);
            final Deque<Happening> coming = new ArrayDeque<>(all);
            released.clear();
            while (!coming.isEmpty() || held.count() > 0) {
                for (int n = random.nextInt(30); n > 0 && !coming.isEmpty(); n--) {
                    add(held, coming.poll());
                }
                final int before = released.size();
                final int count = held.count();
                final int room = random.nextInt(20);
                outlet.left = room;
                assertThat(held.release(Long.MAX_VALUE)).isEqualTo(count <= room);
                assertThat(released).hasSize(before + Math.min(count, room));
                assertThat(held.count()).isEqualTo(count - Math.min(count, room));
            }
            assertThat(released).isEqualTo(all.stream().map(Happening::text).toList());
        }
    }

    @Test
    void shouldEndWhatWaitsForTooMuch() {
        final HeldBack held = new HeldBack(this::publish, counters, 10_000);
        assertThatThrownBy(() -> {
            for (int i = 1; i < 1_000; i++) {
                add(held, new Happening(i, false, "x".repeat(100), ""));
            }
        }).isInstanceOf(BadMessageException.class).hasMessage("more than 10000 bytes wait for their position");
        assertThat(held.count()).isBetween(54, 56);
        assertThat(counters.get(Counter.LINK_OVERFLOWS)).isOne();

        held.clear();
        add(held, new Happening(5, false, "v", ""));
        held.release(5);
        assertThat(released).containsExactly("5 v ");
    }

    /** Has room for so many. */
    private final class NarrowOutlet implements HeldBack.Outlet {
        private int left;

        @Override
        public void publish(final LinkTopic of, final LinkUpdate update) {
            HeldBackTest.this.publish(of, update);
        }

        @Override
        public boolean hasRoom() {
            return left-- > 0;
        }
    }

    @Test
    void shouldHoldNothingOfWhatWasReleasedHoweverLongItWas() {
        final HeldBack held = new HeldBack(this::publish, counters, 1 << 20);
        for (long p = 1; p < 2_000; p++) {
            add(held, new Happening(p, false, "v".repeat(p % 100 == 0 ? 200_000 : 1_000), ""));
            if (p % 3 == 0) {
                held.release(p - 1);
                assertThat(held.count()).isOne();
            }
        }
        held.release(Long.MAX_VALUE);
        assertThat(released).hasSize(1_999);
        assertThat(held.bytes()).isZero();
        add(held, new Happening(2_000, false, "v".repeat(300_000), ""));
        assertThat(held.bytes()).isBetween(300_000L, 300_200L);
        held.clear();
        assertThat(held.bytes()).isZero();
    }

    /** Some updates have a payload, some a change of state behind them. */
    private static List<Happening> happenings(final Random random) {
        final List<Happening> all = new ArrayList<>();
        long p = 0;
        for (int i = random.nextInt(200); i > 0; i--) {
            p += 1 + random.nextInt(3);
            all.add(new Happening(p, false, "v".repeat(1 + random.nextInt(300)) + p,
                random.nextBoolean() ? "" : "payload" + p));
            if (random.nextInt(5) == 0) {
                all.add(new Happening(p, true, null, null));
            }
        }
        return all;
    }

    /** Each channel sends pieces; the images of the first one are in any order. */
    private static List<Deque<Happening>> split(final List<Happening> all, final Random random) {
        final List<List<Happening>> channels = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            channels.add(new ArrayList<>());
        }
        all.forEach(each -> channels.get(random.nextInt(channels.size())).add(each));
        Collections.shuffle(channels.get(0), random);
        final List<Deque<Happening>> queues = new ArrayList<>();
        channels.forEach(channel -> queues.add(new ArrayDeque<>(channel)));
        return queues;
    }

    private void add(final HeldBack held, final Happening happening) {
        if (happening.isState) {
            held.add(happening.p, () -> released.add(happening.text()));
            return;
        }
        final LinkUpdate update = new LinkUpdate();
        final byte[] value = happening.value.getBytes(StandardCharsets.UTF_8);
        final byte[] payload = happening.payload.getBytes(StandardCharsets.UTF_8);
        update.p = happening.p;
        update.bytes = new byte[3 + value.length + payload.length];
        System.arraycopy(payload, 0, update.bytes, 1, payload.length);
        System.arraycopy(value, 0, update.bytes, 2 + payload.length, value.length);
        update.besideAt = 1;
        update.besideLength = payload.length;
        update.hasPayload = payload.length > 0;
        update.valueAt = 2 + payload.length;
        update.valueLength = value.length;
        update.state = TopicState.STALE;
        update.isImage = true;
        update.timeUs = -happening.p;
        held.add(topic, update, true);
    }

    private void publish(final LinkTopic of, final LinkUpdate update) {
        assertThat(of).isSameAs(topic);
        assertThat(update.state).isEqualTo(TopicState.STALE);
        assertThat(update.timeUs).isEqualTo(-update.p);
        assertThat(update.isImage).isTrue();
        assertThat(update.isChange).isFalse();
        released.add(update.p + " " + text(update.bytes, update.valueAt, update.valueLength) + " "
            + text(update.bytes, update.besideAt, update.besideLength));
    }

    private static String text(final byte[] bytes, final int at, final int length) {
        return new String(bytes, at, length, StandardCharsets.UTF_8);
    }
}
