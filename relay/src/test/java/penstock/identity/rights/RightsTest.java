package penstock.identity.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;

/** The test answers in place of the service, turns the clock, and runs the rounds of the thread. */
class RightsTest {
    private static final Products PRODUCTS = new Products(Map.of("fx", product(), "metals", product()));
    private static final AuthConfig.Rights CONFIG =
        new AuthConfig.Rights("https://rights.test/{id}?key=HIDDEN", "HIDDEN", 60_000, 600_000);

    private final AtomicLong nowNs = new AtomicLong(-1);
    private final List<String> asked = new ArrayList<>();
    private final Queue<CompletableFuture<Set<String>>> requests = new ArrayDeque<>();
    private final List<Set<String>> answers = new ArrayList<>();
    private final List<Set<String>> changes = new ArrayList<>();
    private final Counters counters = new Counters("rights");
    private final Rights rights = new Rights(CONFIG, PRODUCTS, id -> {
        asked.add(id);
        final CompletableFuture<Set<String>> request = new CompletableFuture<>();
        requests.add(request);
        return request;
    }, nowNs::get, counters, new ErrorLog());

    @Test
    void shouldTakeProductsAwayAndNeverGrantOne() {
        ask("a", Set.of("fx"));
        answer(Set.of("fx", "metals", "gold"));
        ask("a", Set.of("fx", "metals"));
        ask("a", Set.of());
        ask("b", Set.of("fx", "metals"));
        answer(Set.of("metals"));

        assertThat(answers).containsExactly(Set.of("fx"), Set.of("fx", "metals"), Set.of(), Set.of("metals"));
        assertThat(asked).containsExactly("a", "b");
    }

    @Test
    void shouldKeepAnAnswerForTheRefreshTime() {
        ask("a", Set.of("fx"));
        answer(Set.of("fx"));
        advance(59);
        ask("a", Set.of("fx"));
        assertThat(asked).hasSize(1);
        advance(1);
        ask("a", Set.of("fx"));
        answer(Set.of());

        assertThat(answers).containsExactly(Set.of("fx"), Set.of("fx"), Set.of());
    }

    @Test
    void shouldKeepTheLastAnswerForTheGraceWhileTheServiceFailsAndLeaveNothingThen() {
        ask("a", Set.of("fx", "metals"));
        answer(Set.of("fx"));
        advance(600);
        ask("a", Set.of("fx", "metals"));
        fail();
        advance(1);
        ask("a", Set.of("fx", "metals"));
        fail();
        ask("new", Set.of("fx"));
        fail();
        assertThat(counters.get(Counter.RIGHTS_MISSING)).isEqualTo(2);
        ask("a", Set.of("fx"));
        answer(Set.of("fx"));

        assertThat(answers).containsExactly(Set.of("fx"), Set.of("fx"), Set.of(), Set.of(), Set.of("fx"));
        assertThat(counters.get(Counter.RIGHTS_ASKED)).isEqualTo(5);
        assertThat(counters.get(Counter.RIGHTS_FAILED)).isEqualTo(3);
    }

    @Test
    void shouldNotLetClientsWaitForAServiceThatFailsWhileTheirAnswersCount() {
        ask("a", Set.of("fx"));
        answer(Set.of("fx"));
        ask("b", Set.of("fx"));
        fail();
        advance(60);
        ask("a", Set.of("fx"));

        assertThat(requests).as("it is asked, and no client waits").hasSize(1);
        assertThat(answers).containsExactly(Set.of("fx"), Set.of(), Set.of("fx"));
    }

    @Test
    void shouldLogAnOutageOnceAndNoSecret() {
        try (RecordedLog log = new RecordedLog(RightsLog.class.getName())) {
            for (int i = 0; i < 3; i++) {
                ask("a", Set.of("fx"));
                requests.remove().completeExceptionally(new IOException("down\n2026 INFO fake"));
                rights.poll();
            }
            ask("a", Set.of("fx"));
            answer(Set.of("fx"));
            advance(60);
            ask("a", Set.of("fx"));
            requests.remove().completeExceptionally(new CompletionException(new TimeoutException()));

            assertThat(log.lines()).containsExactly("ERROR auth.rights: https://rights.test/{id}?key=*** fails: "
                + "java.io.IOException: down\\u000a2026 INFO fake; the last answers count for auth.rights.grace",
                "INFO auth.rights: https://rights.test/{id}?key=*** answers again",
                "ERROR auth.rights: https://rights.test/{id}?key=*** fails: it did not answer in time; the last "
                + "answers count for auth.rights.grace");
        }
    }

    @Test
    void shouldAskOnceForAllThatWait() {
        for (int i = 0; i < 10; i++) {
            ask("a", Set.of("fx"));
        }
        assertThat(answers).isEmpty();
        answer(Set.of("fx"));

        assertThat(asked).containsExactly("a");
        assertThat(answers).hasSize(10).containsOnly(Set.of("fx"));
    }

    @Test
    void shouldAskForABoundedNumberAtATimeAndLetABoundedNumberWait() {
        ask("known", Set.of("fx"));
        answer(Set.of("fx"));
        advance(60);
        for (int i = 0; i < RightsQueue.MAX_ASKED + RightsQueue.MAX_WAITING; i++) {
            ask("a" + i, Set.of("fx"));
        }
        assertThat(answers).hasSize(1);
        ask("one more", Set.of("fx"));
        ask("known", Set.of("fx"));

        assertThat(requests).hasSize(RightsQueue.MAX_ASKED);
        assertThat(answers).containsExactly(Set.of("fx"), Set.of(), Set.of("fx"));
        answer(Set.of("fx"));
        assertThat(requests).as("the next one").hasSize(RightsQueue.MAX_ASKED);
        assertThat(answers).hasSize(4).last().isEqualTo(Set.of("fx"));
    }

    @Test
    void shouldKeepRoomForClientsThatConnectWhileItRefreshes() {
        for (int i = 0; i < 100; i++) {
            open("a" + i, Set.of("fx"));
        }
        advance(60);
        assertThat(requests).hasSize(RightsQueue.MAX_REFRESHING);
        ask("new", Set.of("fx"));

        assertThat(requests).hasSize(RightsQueue.MAX_REFRESHING + 1);
        assertThat(asked).last().isEqualTo("new");
    }

    @Test
    void shouldForgetClientsThatWereAskedAboutLongAgoButNoneWithAnOpenSession() {
        open("open", Set.of("fx"));
        for (int i = 0; i <= Rights.MAX_KEPT; i++) {
            ask("a" + i, Set.of("fx"));
            answer(Set.of("fx"));
        }
        ask("a" + Rights.MAX_KEPT, Set.of("fx"));
        ask("open", Set.of("fx"));
        assertThat(requests).isEmpty();
        ask("a0", Set.of("fx"));
        assertThat(requests).hasSize(1);
    }

    @Test
    void shouldRefreshTheRightsOfOpenSessionsAndReportChangesOnly() {
        final Runnable first = open("a", Set.of("fx", "metals"));
        final Runnable second = rights.onSession("a");
        advance(60);
        answer(Set.of("fx", "metals"));
        assertThat(changes).isEmpty();
        advance(60);
        answer(Set.of("fx"));
        assertThat(changes).containsExactly(Set.of("fx"));
        first.run();
        first.run();
        advance(60);
        answer(Set.of("fx", "metals"));
        assertThat(changes).containsExactly(Set.of("fx"), Set.of("fx", "metals"));
        second.run();
        advance(60);

        assertThat(requests).as("no session needs it").isEmpty();
    }

    @Test
    void shouldTakeTheProductsOfOpenSessionsAwayAtTheEndOfTheGraceAndGiveThemBack() {
        open("a", Set.of("fx"));
        advance(60);
        fail();
        advance(539);
        fail();
        assertThat(changes).isEmpty();
        advance(2);
        assertThat(changes).containsExactly(Set.of());
        assertThat(counters.get(Counter.RIGHTS_MISSING)).isEqualTo(1);
        advance(5);
        fail();
        advance(5);
        answer(Set.of("fx"));
        assertThat(changes).containsExactly(Set.of(), Set.of("fx"));
    }

    @Test
    void shouldGiveTheProductsBackToASessionThatLookedAfterTheGraceAndBeforeTheNextRound() {
        open("a", Set.of("fx"));
        advance(60);
        nowNs.addAndGet(541_000_000_000L);
        assertThat(rights.left(principal("a", Set.of("fx")))).isEmpty();
        assertThat(counters.get(Counter.RIGHTS_MISSING)).isEqualTo(1);
        answer(Set.of("fx", "metals"));
        assertThat(changes).containsExactly(Set.of("fx"));
    }

    @Test
    void shouldGiveTheProductsToASessionThatBeginsWithoutThemJustAfterTheAnswer() {
        rights.onChanged(() -> changes.add(rights.left(principal("a", Set.of("fx")))));
        ask("a", Set.of("fx"));
        fail();
        assertThat(answers).containsExactly(Set.of());
        rights.ask("a");
        rights.poll();
        answer(Set.of("fx"));
        rights.onSession("a");
        rights.poll();
        assertThat(changes).containsExactly(Set.of("fx"));
    }

    @Test
    void shouldAskAgainAtOnceWhenRightsChangedEvenIfARequestIsUnderWay() {
        open("a", Set.of("fx"));
        open("b", Set.of("fx"));
        assertThat(rights.refresh("a")).isEqualTo(1);
        assertThat(rights.refresh("other")).isZero();
        rights.poll();
        assertThat(asked).containsExactly("a", "b", "a");
        rights.refresh("a");
        answer(Set.of("fx", "metals"));
        assertThat(asked).containsExactly("a", "b", "a", "a");
        answer(Set.of());
        assertThat(changes).hasSize(1);
        assertThat(requests).isEmpty();
        assertThat(rights.refresh(null)).isEqualTo(2);
        rights.poll();
        assertThat(requests).hasSize(2);
    }

    @Test
    void shouldAskForAClientWithoutASessionWhenItComesBackAfterItsRightsChanged() {
        ask("a", Set.of("fx"));
        answer(Set.of("fx"));
        rights.refresh("a");
        rights.poll();
        assertThat(requests).isEmpty();
        ask("a", Set.of("fx"));
        answer(Set.of());

        assertThat(answers).containsExactly(Set.of("fx"), Set.of());
    }

    @Test
    void shouldPassOnChangesThatComeTogetherTogether() {
        for (int i = 0; i < 40; i++) {
            open("a" + i, Set.of("fx"));
        }
        final AtomicLong rounds = new AtomicLong();
        rights.onChanged(rounds::incrementAndGet);
        rights.refresh(null);
        rights.poll();
        requests.remove().complete(Set.of());
        rights.poll();
        assertThat(rounds).hasValue(1);
        while (!requests.isEmpty()) {
            requests.remove().complete(Set.of());
            rights.poll();
        }
        assertThat(rounds).hasValue(1);
        nowNs.addAndGet(100_000_000);
        rights.poll();
        assertThat(rounds).hasValue(2);
    }

    @Test
    void shouldAskOnItsThread() {
        final CompletableFuture<Void> answer = rights.ask("a");
        rights.start();
        await().until(() -> !requests.isEmpty());
        requests.remove().complete(Set.of("fx"));
        assertThat(answer).succeedsWithin(Patience.LIMIT);
        rights.close();
    }

    /** A client with an open session, which may see all that it may. */
    private Runnable open(final String id, final Set<String> products) {
        ask(id, products);
        answer(Set.of("fx", "metals"));
        final Runnable end = rights.onSession(id);
        rights.onChanged(() -> changes.add(rights.left(principal(id, products))));
        answers.clear();
        return end;
    }

    private void ask(final String id, final Set<String> products) {
        rights.ask(id).thenRun(() -> answers.add(rights.left(principal(id, products))));
        rights.poll();
    }

    private void answer(final Set<String> products) {
        requests.remove().complete(products);
        rights.poll();
    }

    private void fail() {
        requests.remove().completeExceptionally(new IOException("down"));
        rights.poll();
    }

    private void advance(final long seconds) {
        nowNs.addAndGet(seconds * 1_000_000_000L);
        rights.poll();
    }

    private static Principal principal(final String id, final Set<String> products) {
        return new Principal(id, products, 0, Principal.NEVER, "none");
    }

    private static AuthConfig.Product product() {
        return new AuthConfig.Product(List.of(), List.of("*"));
    }
}
