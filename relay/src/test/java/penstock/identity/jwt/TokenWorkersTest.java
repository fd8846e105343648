package penstock.identity.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static penstock.identity.jwt.TokenRig.EC;
import static penstock.identity.jwt.TokenRig.RSA;
import static penstock.identity.jwt.TokenRig.claims;
import static penstock.identity.jwt.TokenRig.document;
import static penstock.identity.jwt.TokenRig.token;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.identity.Principal;
import penstock.identity.TokenException;
import penstock.testkit.Patience;

@Timeout(Patience.TEST_SECONDS)
class TokenWorkersTest {
    private static final Principal CLIENT = new Principal("desk-7", Set.of(), 0, Principal.NEVER, "key");

    @Test
    void shouldVerifyATokenOnAnotherThreadTheFirstTimeOnly() throws Exception {
        try (JwtAuthenticator authenticator = new JwtAuthenticator(
                new TokenRig.FixedKeys(KeySet.parse(document(EC), TokenRig.rules())), TokenRig.claimRules())) {
            final String token = token(EC, JWSAlgorithm.ES256, claims());
            final CompletableFuture<Principal> first = authenticator.verify(token);
            final Principal principal = first.get(Patience.SECONDS, TimeUnit.SECONDS);
            final CompletableFuture<Principal> second = authenticator.verify(token);

            assertThat(principal.id()).isEqualTo("desk-7");
            assertThat(second).isDone();
            assertThat(second.join()).isSameAs(principal);
        }
    }

    @Test
    void shouldRefuseWhatIsNoTokenWithoutAThread() throws Exception {
        final TokenWorkers none = new TokenWorkers(1, 1);
        none.close();
        try (JwtAuthenticator authenticator = new JwtAuthenticator(
                new TokenRig.FixedKeys(KeySet.parse(document(EC), TokenRig.rules())), TokenRig.claimRules(), none)) {
            for (final String wrong : new String[] {null, "", "a".repeat(SignedToken.MAX_CHARS + 1)}) {
                assertThat(failure(authenticator.verify(wrong)).kind()).isEqualTo(TokenException.Kind.INVALID);
            }
            assertThat(failure(authenticator.verify(token(RSA, JWSAlgorithm.RS256, claims()))).kind())
                .as("all others need one").isEqualTo(TokenException.Kind.BUSY);
        }
    }

    @Test
    void shouldLetABoundedNumberWait() throws Exception {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        try (TokenWorkers workers = new TokenWorkers(1, 2)) {
            final CompletableFuture<Principal> running = workers.run(() -> {
                begun.countDown();
                await(end);
                return CLIENT;
            });
            begun.await();
            final CompletableFuture<Principal> waiting = workers.run(() -> CLIENT);
            final CompletableFuture<Principal> broken = workers.run(() -> {
                throw new IllegalStateException("a fault of the relay");
            });
            final CompletableFuture<Principal> over = workers.run(() -> CLIENT);

            assertThat(failure(over).kind()).isEqualTo(TokenException.Kind.BUSY);
            end.countDown();
            assertThat(running.get()).isSameAs(CLIENT);
            assertThat(waiting.get()).isSameAs(CLIENT);
            assertThat(catchThrowable(broken::get)).hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TokenException failure(final CompletableFuture<Principal> verification) {
        return (TokenException) catchThrowable(verification::get).getCause();
    }
}
