package penstock.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.telemetry.MetricsPage;
import penstock.telemetry.Telemetry;
import penstock.testkit.Seeds;

class AccountsTest {
    private static final QuotaLimits.Keys NAMES = new QuotaLimits.Keys("auth.quotas.", "");
    private static final QuotaLimits.Keys PLACES = new QuotaLimits.Keys("server.", "-per-address");
    private static final QuotaLimits BY_NAME = new QuotaLimits(NAMES, 5, 10, 1_000, 3, 100);
    private static final QuotaLimits BY_PLACE = new QuotaLimits(PLACES, 0, 20, 0, 4, 150);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private long nowNs = -77;
    private final Accounts accounts = new Accounts(BY_NAME, BY_PLACE, () -> nowNs);

    @Test
    void shouldLetASecondsWorthOfHandshakesComeAtOnceAndThenOneAtATime() {
        for (int i = 0; i < 5; i++) {
            assertThat(accounts.onHandshake("desk-7", null)).isNull();
        }
        final Excess excess = accounts.onHandshake("desk-7", null);
        assertThat(excess).isEqualTo(Excess.ofRate("auth.quotas.handshakes-per-second", 5, 200));
        assertThat(excess.message())
            .isEqualTo("you have used up auth.quotas.handshakes-per-second = 5: try again in 200 ms");
        assertThat(accounts.onHandshake("desk-8", null)).as("another client").isNull();
        nowNs += TimeUnit.MILLISECONDS.toNanos(200);
        assertThat(accounts.onHandshake("desk-7", null)).isNull();
        assertThat(accounts.onHandshake("desk-7", null)).isNotNull();
            }

    @Test
    void shouldDoWorkThatCostsMoreThanASecondsWorthAndLetItBeWaitedForAfterwards() {
        assertThat(accounts.onWork("desk-7", null, 5_000)).isNull();
        assertThat(accounts.onWork("desk-7", null, 1).retryAfterMs()).isEqualTo(4_001);
        nowNs += TimeUnit.MILLISECONDS.toNanos(4_001);
        assertThat(accounts.onWork("desk-7", null, 1)).isNull();
        assertThat(accounts.onWork("desk-7", null, 0)).isNull();
    }

    /** Requests of all sessions count, of a client by its name, and of an address whoever is there. */
    @Test
    void shouldCountRequestsOfAllSessions() {
        final SessionQuota first = accounts.open("desk-7", null, "10.0.0.1");
        final SessionQuota second = accounts.open("desk-7", null, "10.0.0.2");
        int done = 0;
        for (int i = 0; i < 20; i++) {
            done += (i % 2 == 0 ? first : second).onRequest() == null ? 1 : 0;
        }
        assertThat(done).isEqualTo(10);
        assertThat(first.onRequest().key()).isEqualTo("auth.quotas.requests-per-second");
        final SessionQuota a = accounts.open("a", null, "10.0.0.9");
        final SessionQuota b = accounts.open("b", null, "10.0.0.9");
        final SessionQuota c = accounts.open("c", null, "10.0.0.9");
        for (int i = 0; i < 10; i++) {
            assertThat(a.onRequest()).isNull();
            assertThat(b.onRequest()).isNull();
        }
        assertThat(c.onRequest()).isEqualTo(Excess.ofRate("server.requests-per-second-per-address", 20, 50));
    }

    @Test
    void shouldLimitSubscriptionsAndSymbolsOfAllSessionsUntilOneEnds() {
        final SessionQuota first = accounts.open("desk-7", null, "10.0.0.1");
        final SessionQuota second = accounts.open("desk-7", null, "10.0.0.2");
        first.hold(2, 60);
        second.hold(1, 30);
        assertThat(second.onSubscription()).isEqualTo(Excess.ofHeld("auth.quotas.subscriptions", 3));
        assertThat(second.onSubscription().message())
            .isEqualTo("you have used up auth.quotas.subscriptions = 3 with all your sessions: end something first");
        assertThat(second.onSymbols(40)).isNull();
        assertThat(second.onSymbols(41)).isEqualTo(Excess.ofHeld("auth.quotas.symbols", 100));
        assertThat(second.onSymbols(30)).as("no more than it has").isNull();
        first.close();
        first.close();
        assertThat(second.onSubscription()).isNull();
        assertThat(second.onSymbols(100)).isNull();
    }

    /** What is said of one client counts more than what is said of all, as it is by now. */
    @Test
    void shouldGiveAClientTheQuotasOfItsOwn() {
        final QuotaLimits own = QuotaLimits.of(7, -1, 0, 1, -1);
        for (int i = 0; i < 7; i++) {
            assertThat(accounts.onHandshake("desk-7", own)).isNull();
        }
        assertThat(accounts.onHandshake("desk-7", own).max()).isEqualTo(7);
        assertThat(accounts.onWork("desk-7", own, 1e9)).as("0 = no limit").isNull();
        final SessionQuota session = accounts.open("desk-7", own, "10.0.0.1");
        session.hold(1, 100);
        assertThat(session.onSubscription()).isEqualTo(Excess.ofHeld("auth.quotas.subscriptions", 1));
        assertThat(session.onSymbols(101).max()).as("as for all").isEqualTo(100);
        accounts.open("desk-7", QuotaLimits.of(-1, -1, -1, 2, -1), "10.0.0.2");
        assertThat(session.onSubscription()).as("its key was changed").isNull();
    }

    @Test
    void shouldCountNothingWithoutLimits() {
        final Accounts none = new Accounts(QuotaLimits.NONE, QuotaLimits.NONE, () -> nowNs);
        assertThat(none.open("desk-7", null, "10.0.0.1")).isSameAs(SessionQuota.NONE);
        SessionQuota.NONE.close();
        SessionQuota.NONE.hold(1, 1);
        assertThat(SessionQuota.NONE.onRequest()).isNull();
        assertThat(none.onHandshake("desk-7", null)).isNull();
        assertThat(none.size()).isZero();
    }

    @Test
    void shouldForgetClientsWithoutSessionsWhenItsTableIsFull() {
        final SessionQuota kept = accounts.open("kept", null, "10.0.0.1");
        for (int i = 0; i < Accounts.MAX + 1_000; i++) {
            accounts.onHandshake("stranger-" + i, null);
        }
        assertThat(accounts.size()).isEqualTo(Accounts.MAX + 1);
        nowNs += TimeUnit.SECONDS.toNanos(10);
        assertThat(accounts.onHandshake("late", null)).isNull();
        assertThat(accounts.size()).isEqualTo(3);
        kept.hold(3, 0);
        assertThat(accounts.open("kept", null, "10.0.0.2").onSubscription()).isNotNull();
    }

    @Test
    void shouldReturnToNothingAfterAnyCourse() {
        final Random random = seeds.random();
        final List<SessionQuota> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (open.isEmpty() || random.nextInt(3) == 0) {
                open.add(accounts.open("c" + random.nextInt(5), null, "10.0.0." + random.nextInt(5)));
            } else if (random.nextInt(3) == 0) {
                open.remove(random.nextInt(open.size())).close();
            } else {
                open.get(random.nextInt(open.size())).hold(random.nextInt(4), random.nextInt(100));
            }
        }
        open.forEach(SessionQuota::close);
        for (int i = 0; i < 5; i++) {
            final SessionQuota fresh = accounts.open("c" + i, null, "10.0.0." + i);
            assertThat(fresh.onSubscription()).isNull();
            assertThat(fresh.onSymbols(100)).isNull();
        }
    }

    @Test
    void shouldCountWhatIsRefused() {
        for (int i = 0; i < 8; i++) {
            accounts.onHandshake("desk-7", null);
        }
        final String metrics;
        try (Telemetry telemetry = new Telemetry()) {
            accounts.register(telemetry);
            metrics = new MetricsPage(telemetry).text();
        }
        assertThat(metrics).contains("penstock_quota_refused_total 3.0\n", "penstock_quota_accounts 1.0\n");
    }
}
