package penstock.identity.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.testkit.RecordedLog;

class RightsTest {
    private static final Products PRODUCTS = new Products(Map.of("fx", product(), "metals", product()));
    private static final AuthConfig.Rights CONFIG =
        new AuthConfig.Rights("https://rights.test/{id}?key=HIDDEN", "HIDDEN", 60_000, 600_000);

    private final AtomicLong nowNs = new AtomicLong(-1);
    private final List<String> asked = new ArrayList<>();
    private final Queue<CompletableFuture<Set<String>>> requests = new ArrayDeque<>();
    private final List<Set<String>> answers = new ArrayList<>();
    private final Rights rights = new Rights(CONFIG, PRODUCTS, id -> {
        asked.add(id);
        final CompletableFuture<Set<String>> request = new CompletableFuture<>();
        requests.add(request);
        return request;
    }, nowNs::get);

    @Test
    void shouldTakeProductsAwayAndNeverGrantOne() {
        ask("a", Set.of("fx"));
        requests.remove().complete(Set.of("fx", "metals", "gold"));
        ask("a", Set.of("fx", "metals"));
        ask("a", Set.of());
        ask("b", Set.of("fx", "metals"));
        requests.remove().complete(Set.of("metals"));

        assertThat(answers).containsExactly(Set.of("fx"), Set.of("fx", "metals"), Set.of(), Set.of("metals"));
        assertThat(asked).containsExactly("a", "b");
    }

    @Test
    void shouldKeepAnAnswerForTheRefreshTime() {
        ask("a", Set.of("fx"));
        requests.remove().complete(Set.of("fx"));
        advance(59);
        ask("a", Set.of("fx"));
        assertThat(asked).hasSize(1);
        advance(1);
        ask("a", Set.of("fx"));
        requests.remove().complete(Set.of());

        assertThat(answers).containsExactly(Set.of("fx"), Set.of("fx"), Set.of());
    }

    @Test
    void shouldKeepTheLastAnswerForTheGraceWhileTheServiceFailsAndLeaveNothingThen() {
        ask("a", Set.of("fx", "metals"));
        requests.remove().complete(Set.of("fx"));
        advance(600);
        ask("a", Set.of("fx", "metals"));
        requests.remove().completeExceptionally(new IOException("down"));
        advance(1);
        ask("a", Set.of("fx", "metals"));
        requests.remove().completeExceptionally(new IOException("down"));
        ask("new", Set.of("fx"));
        requests.remove().completeExceptionally(new IOException("down"));
        ask("a", Set.of("fx"));
        requests.remove().complete(Set.of("fx"));

        assertThat(answers).containsExactly(Set.of("fx"), Set.of("fx"), Set.of(), Set.of(), Set.of("fx"));
    }

    @Test
    void shouldLogAnOutageOnceAndNoSecret() {
        try (RecordedLog log = new RecordedLog(Rights.class.getName())) {
            for (int i = 0; i < 3; i++) {
                ask("a", Set.of("fx"));
                requests.remove().completeExceptionally(new IOException("down\n2026 INFO fake"));
            }
            ask("a", Set.of("fx"));
            requests.remove().complete(Set.of("fx"));

            assertThat(log.lines()).containsExactly("ERROR auth.rights: https://rights.test/{id}?key=*** fails: "
                + "java.io.IOException: down\\u000a2026 INFO fake; the last answers count for auth.rights.grace",
                "INFO auth.rights: https://rights.test/{id}?key=*** answers again");
        }
    }

    @Test
    void shouldAskOnceForAllThatWait() {
        for (int i = 0; i < 10; i++) {
            ask("a", Set.of("fx"));
        }
        assertThat(answers).isEmpty();
        requests.remove().complete(Set.of("fx"));

        assertThat(asked).containsExactly("a");
        assertThat(answers).hasSize(10).containsOnly(Set.of("fx"));
    }

    @Test
    void shouldAskForABoundedNumberAtATime() {
        ask("known", Set.of("fx"));
        requests.remove().complete(Set.of("fx"));
        advance(60);
        for (int i = 0; i < Rights.MAX_ASKED; i++) {
            ask("a" + i, Set.of("fx"));
        }
        ask("one more", Set.of("fx"));
        ask("known", Set.of("fx"));

        assertThat(requests).hasSize(Rights.MAX_ASKED);
        assertThat(answers).containsExactly(Set.of("fx"), Set.of(), Set.of("fx"));
    }

    @Test
    void shouldForgetClientsThatWereAskedAboutLongAgo() {
        for (int i = 0; i <= Rights.MAX_KEPT; i++) {
            ask("a" + i, Set.of("fx"));
            requests.remove().complete(Set.of("fx"));
        }
        ask("a" + Rights.MAX_KEPT, Set.of("fx"));
        assertThat(requests).isEmpty();
        ask("a0", Set.of("fx"));
        assertThat(requests).hasSize(1);
    }

    @Test
    void shouldAnswerOnTheExecutorAlways() {
        final List<Runnable> tasks = new ArrayList<>();
        final Principal principal = principal("a", Set.of("fx"));
        rights.ask(principal, tasks::add, now -> answers.add(now.products()));
        requests.remove().complete(Set.of("fx"));
        rights.ask(principal, tasks::add, now -> answers.add(now.products()));

        assertThat(answers).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(answers).hasSize(2);
    }

    @Test
    void shouldReturnThePrincipalItselfIfNothingIsTakenAway() {
        final Principal principal = principal("a", Set.of("fx"));
        final List<Principal> now = new ArrayList<>();
        rights.ask(principal, Runnable::run, now::add);
        requests.remove().complete(Set.of("fx", "metals"));

        assertThat(now).singleElement().isSameAs(principal);
    }

    private void ask(final String id, final Set<String> products) {
        rights.ask(principal(id, products), Runnable::run, now -> answers.add(now.products()));
    }

    private void advance(final long seconds) {
        nowNs.addAndGet(seconds * 1_000_000_000L);
    }

    private static Principal principal(final String id, final Set<String> products) {
        return new Principal(id, products, 0, Principal.NEVER, "none");
    }

    private static AuthConfig.Product product() {
        return new AuthConfig.Product(List.of(), List.of("*"));
    }
}
