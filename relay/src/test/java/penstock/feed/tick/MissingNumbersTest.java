package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/** Against a map of single numbers: each one is waited for, arrives, or is given up, and counted once. */
class MissingNumbersTest {
    private static final int STEPS = 400;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    /** By number: since when it is missing. */
    private final TreeMap<Long, Long> expected = new TreeMap<>();
    private final MissingNumbers missing = new MissingNumbers();
    private long oldest = 1_000_000;
    private long newest = 1_000_000;

    @Test
    void shouldWaitForEachNumberUntilItArrivesOrIsGivenUp() {
        for (final long seed : seeds.rounds(60)) {
            new MissingNumbersTest().play(Seeds.random(seed));
        }
    }

    @Test
    void shouldNotCountWhatNoOutageExplains() {
        missing.add(1, 2 + MissingNumbers.MAX_LENGTH, 0);
        assertThat(missing.giveUpAll()).isZero();
        assertThat(missing.isEmpty()).isTrue();
    }

    private void play(final Random random) {
        long nowNs = 0;
        for (int i = 0; i < STEPS; i++) {
            nowNs += random.nextLong(MissingNumbers.MAX_NS / 20);
            final int kind = random.nextInt(20);
            if (kind < 8) {
                final long first = newest + 1;
                newest = first + random.nextInt(6);
                add(first, newest, nowNs);
            } else if (kind == 8) {
                final long limit = oldest;
                oldest = limit - 1 - random.nextInt(6);
                add(oldest + 1, limit, nowNs);
            } else if (kind == 9) {
                giveUp(oldest + random.nextInt((int) (newest - oldest + 1)), nowNs);
            } else if (!expected.isEmpty()) {
                arrive(expected.ceilingKey(random.nextBoolean() ? expected.firstKey()
                    : expected.firstKey() + random.nextInt((int) (expected.lastKey() - expected.firstKey() + 1))));
            }
            assertThat(missing.isEmpty()).isEqualTo(expected.isEmpty());
            for (long number = oldest; number <= newest; number++) {
                assertThat(missing.contains(number)).as("%s", number).isEqualTo(expected.containsKey(number));
            }
        }
        assertThat(missing.giveUpAll()).isEqualTo(expected.size());
    }

    private void add(final long first, final long limit, final long nowNs) {
        final int givenUp = first < limit && runs() == MissingNumbers.MAX_RUNS ? dropOldestRun() : 0;
        for (long number = first; number < limit; number++) {
            expected.put(number, nowNs);
        }
        assertThat(missing.add(first, limit, nowNs)).isEqualTo(givenUp);
    }

    private void arrive(final long number) {
        expected.remove(number);
        assertThat(missing.remove(number)).isEqualTo(runs() > MissingNumbers.MAX_RUNS ? dropOldestRun() : 0);
    }

    private void giveUp(final long upTo, final long nowNs) {
        final int before = expected.size();
        expected.entrySet().removeIf(each -> each.getKey() <= upTo
            || nowNs - each.getValue() > MissingNumbers.MAX_NS);
        assertThat(missing.giveUp(upTo, nowNs)).isEqualTo(before - expected.size());
    }

    private int runs() {
        return (int) expected.keySet().stream().filter(number -> !expected.containsKey(number - 1)).count();
    }

    private int dropOldestRun() {
        int dropped = 0;
        for (long number = expected.firstKey(); expected.remove(number) != null; number++) {
            dropped++;
        }
        return dropped;
    }
}
