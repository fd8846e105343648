package penstock.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.identity.Principal;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

@Timeout(Patience.TEST_SECONDS)
class PrincipalSessionsTest {
    private static final int THREADS = 4;
    private static final int LIMIT = 3;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final PrincipalSessions sessions = new PrincipalSessions(OnExcess.DENY_NEW);

    @Test
    void shouldFollowThePrincipalBeforeTheConfiguration() {
        assertThat(sessions.take(of(1, null)).seat()).isNotNull();
        assertThat(sessions.take(of(1, null))).isEqualTo(new PrincipalSessions.Taken(null, OnExcess.DENY_NEW));
        final PrincipalSessions.Taken counted = sessions.take(of(1, OnExcess.COUNT));
        assertThat(counted.seat()).isNotNull();
        assertThat(counted.excess()).isEqualTo(OnExcess.COUNT);
        assertThat(sessions.of("desk-7")).isEqualTo(2);
        assertThat(sessions.take(of(0, OnExcess.DENY_NEW)).seat()).as("no limit").isNotNull();
    }

    @Test
    void shouldEvictTheOldestSessionsOnceEachUntilTheNewOneFits() {
        final List<Integer> ended = new ArrayList<>();
        final List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            final int number = i;
            seats.add(sessions.take(of(5, OnExcess.EVICT_OLDEST)).seat());
            seats.get(i).onEviction(() -> ended.add(number));
        }
        seats.get(1).giveBack();
        assertThat(sessions.take(of(2, OnExcess.EVICT_OLDEST)).excess()).isEqualTo(OnExcess.EVICT_OLDEST);
        assertThat(ended).as("the limit fell from 5 to 2").containsExactly(0, 2, 3);
        assertThat(sessions.of("desk-7")).isEqualTo(2);
        seats.forEach(Seat::giveBack);
        seats.forEach(Seat::giveBack);
        assertThat(sessions.of("desk-7")).isEqualTo(1);
    }

    @Test
    void shouldEndASessionThatWasEvictedBeforeItBegan() {
        final Seat early = sessions.take(of(1, OnExcess.EVICT_OLDEST)).seat();
        sessions.take(of(1, OnExcess.EVICT_OLDEST));
        final AtomicInteger ended = new AtomicInteger();
        early.onEviction(ended::incrementAndGet);
        assertThat(ended).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DENY_NEW", "EVICT_OLDEST"})
    void shouldNeverLetMoreThanTheLimitLive(final OnExcess policy) throws InterruptedException {
        final AtomicInteger live = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            final Random random = Seeds.random(seeds.fresh() + i);
            threads.add(new Thread(() -> comeAndGo(policy, random, live, most)));
        }
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertThat(live.get()).isBetween(1, LIMIT).isEqualTo(sessions.of("desk-7"));
        assertThat(most.get()).as("a refused one never lives, an evicted one until it knows")
            .isLessThanOrEqualTo(policy == OnExcess.DENY_NEW ? LIMIT : LIMIT + THREADS);
    }

    private void comeAndGo(final OnExcess policy, final Random random, final AtomicInteger live,
            final AtomicInteger most) {
        final List<Runnable> own = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (!own.isEmpty() && random.nextInt(3) == 0) {
                own.remove(random.nextInt(own.size())).run();
            }
            final Seat seat = sessions.take(of(LIMIT, policy)).seat();
            if (seat != null) {
                most.accumulateAndGet(live.incrementAndGet(), Math::max);
                final AtomicInteger ends = new AtomicInteger();
                final Runnable end = () -> {
                    if (ends.getAndIncrement() == 0) {
                        live.decrementAndGet();
                        seat.giveBack();
                    }
                };
                seat.onEviction(end);
                own.add(end);
            }
        }
    }

    private static Principal of(final int limit, final OnExcess onExcess) {
        return new Principal("desk-7", Set.of(), limit, Principal.NEVER, "test",
            new Principal.Terms(onExcess, null, null));
    }
}
