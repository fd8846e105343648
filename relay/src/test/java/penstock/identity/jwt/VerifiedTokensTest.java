package penstock.identity.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static penstock.identity.jwt.TokenRig.EC;
import static penstock.identity.jwt.TokenRig.NOW;
import static penstock.identity.jwt.TokenRig.SKEW;
import static penstock.identity.jwt.TokenRig.claims;
import static penstock.identity.jwt.TokenRig.document;
import static penstock.identity.jwt.TokenRig.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.identity.Principal;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;

/** A token that was verified once is still refused as soon as it has to be. */
class VerifiedTokensTest {
    private static final String TOKEN = token(EC, JWSAlgorithm.ES256, claims());

    private final AtomicLong nowMs = new AtomicLong(NOW * 1_000);
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(final ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs.get());
        }
    };
    @TempDir
    private Path folder;

    @Test
    void shouldVerifyTheSameTokenOnce() throws Exception {
        final JwtAuthenticator authenticator = TokenRig.trusting(EC);

        assertThat(authenticator.authenticate(TOKEN)).isSameAs(authenticator.authenticate(TOKEN));
    }

    @Test
    void shouldRefuseAVerifiedTokenWhenItsTimeIsOver() throws Exception {
        final JwtAuthenticator authenticator = new JwtAuthenticator(new TokenRig.FixedKeys(KeySet.parse(document(EC),
            TokenRig.rules())), new ClaimRules(TokenRig.CONFIG, 20, TokenRig.PRODUCTS, clock));
        authenticator.authenticate(TOKEN);
        nowMs.set((NOW + 3_600 + SKEW) * 1_000 - 1);
        authenticator.authenticate(TOKEN);
        nowMs.incrementAndGet();

        assertThat(catchThrowableOfType(TokenException.class, () -> authenticator.authenticate(TOKEN)).kind())
            .isEqualTo(TokenException.Kind.EXPIRED);
    }

    @Test
    void shouldRefuseAVerifiedTokenWhenItsKeyIsGoneOrReplaced() throws Exception {
        final Path file = Files.write(folder.resolve("keys.json"), document(EC));
        final KeySetFile source = new KeySetFile(file, TokenRig.rules(), new ErrorLog(), Clock.systemUTC());
        final JwtAuthenticator authenticator = new JwtAuthenticator(source, TokenRig.claimRules());
        authenticator.authenticate(TOKEN);
        Files.write(file, document(new ECKeyGenerator(Curve.P_256).keyID("ec").generate()));
        source.poll();

        assertThat(catchThrowableOfType(TokenException.class, () -> authenticator.authenticate(TOKEN)))
            .hasMessage("the signature is wrong");
        Files.write(file, document(TokenRig.RSA));
        source.poll();
        assertThat(catchThrowableOfType(TokenException.class, () -> authenticator.authenticate(TOKEN)))
            .hasMessage("no key has the kid of the token");
    }

    @Test
    void shouldKeepABoundedNumber() {
        final VerifiedTokens verified = new VerifiedTokens();
        final Principal principal = new Principal("a", Set.of(), 0, Principal.NEVER, "key");
        for (int i = 0; i <= VerifiedTokens.MAX_KEPT; i++) {
            verified.add("token" + i, principal);
        }

        assertThat(verified.size()).isEqualTo(VerifiedTokens.MAX_KEPT);
        assertThat(verified.find("token0")).isNull();
        assertThat(verified.find("token1")).isSameAs(principal);
    }
}
