package penstock.identity.jwt;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static penstock.identity.jwt.TokenRig.EC;
import static penstock.identity.jwt.TokenRig.NOW;
import static penstock.identity.jwt.TokenRig.RSA;
import static penstock.identity.jwt.TokenRig.SECRET;
import static penstock.identity.jwt.TokenRig.SKEW;
import static penstock.identity.jwt.TokenRig.STRANGER;
import static penstock.identity.jwt.TokenRig.claims;
import static penstock.identity.jwt.TokenRig.document;
import static penstock.identity.jwt.TokenRig.json;
import static penstock.identity.jwt.TokenRig.signer;
import static penstock.identity.jwt.TokenRig.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;
import penstock.testkit.RecordedLog;

class JwtAuthenticatorTest {
    @TempDir
    private Path folder;

    @Test
    void shouldMakeAPrincipalOfTheClaims() throws Exception {
        final Map<String, Object> claims = claims("sessions", 3);
        claims.put("aud", List.of("billing", "penstock"));

        assertThat(TokenRig.trusting(RSA).authenticate(token(RSA, JWSAlgorithm.RS256, claims))).isEqualTo(
            new Principal("desk-7", Set.of("fx"), 3, (NOW + 3_600 + SKEW) * 1_000,
            "RS256:" + RSA.computeThumbprint().toString().substring(0, 16)));
    }

    @Test
    void shouldMakeAnEdgeOfATokenThatSaysSo() throws Exception {
        final JwtAuthenticator authenticator = TokenRig.trusting(RSA);
        final Map<String, Object> claims = claims("role", "edge");
        claims.remove("products");
        final Principal edge = authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims));
        assertThat(edge.isEdge()).isTrue();
        assertThat(edge.products()).as("all").contains("fx");
        assertThat(authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims("role", "client"))).isEdge())
            .isFalse();
        assertThat(authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims())).isEdge()).isFalse();
        final String wrong = token(RSA, JWSAlgorithm.RS256, claims("role", "admin"));
        assertThatThrownBy(() -> authenticator.authenticate(wrong)).hasMessageContaining("auth.jwt.role-claim");
    }

    @Test
    void shouldReadTheQuotasOfAToken() throws Exception {
        final JwtAuthenticator authenticator = TokenRig.trusting(RSA);
        assertThat(authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims("quotas",
            Map.of("requests-per-second", 100, "other", "x")))).terms().quotas())
            .isEqualTo(new AuthConfig.Quotas(-1, 100, -1, -1, -1));
        assertThat(authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims())).terms().quotas()).isNull();
        for (final Object wrong : List.of(100, "many", Map.of("symbols", -1), Map.of("symbols", "many"),
                Map.of("symbols", 1e12))) {
            final String token = token(RSA, JWSAlgorithm.RS256, claims("quotas", wrong));
            assertThatThrownBy(() -> authenticator.authenticate(token)).hasMessageContaining("auth.jwt.quotas-claim");
        }
    }

    @Test
    void shouldVerifyWithTheAlgorithmOfEachKey() throws Exception {
        final RSAKey pss = new RSAKey.Builder(STRANGER).keyID("pss").algorithm(JWSAlgorithm.PS384).build();
        final JwtAuthenticator authenticator = TokenRig.trusting(RSA, EC, SECRET, pss);

        for (final String token : List.of(token(RSA, JWSAlgorithm.RS256, claims()),
            token(EC, JWSAlgorithm.ES256, claims()), token(SECRET, JWSAlgorithm.HS256, claims()),
            token(pss, JWSAlgorithm.PS384, claims()))) {
            assertThat(authenticator.authenticate(token).id()).isEqualTo("desk-7");
        }
        assertThat(catchThrowableOfType(TokenException.class,
            () -> authenticator.authenticate(token(pss, JWSAlgorithm.RS256, claims())))).isNotNull();
    }

    @Test
    void shouldNeedNoKidIfThereIsOneKey() throws Exception {
        final String token = token("{\"alg\":\"RS256\"}", json(claims()), signer(RSA), JWSAlgorithm.RS256);

        assertThat(TokenRig.trusting(RSA).authenticate(token).id()).isEqualTo("desk-7");
    }

    @Test
    void shouldLeaveTheProductsOfATokenThatNamesNoneToTheServiceThatDecides() throws Exception {
        final AuthConfig.Product all = new AuthConfig.Product(List.of(), List.of("*"));
        final JwtAuthenticator authenticator = new JwtAuthenticator(
            new TokenRig.FixedKeys(KeySet.parse(document(RSA), TokenRig.rules())), new ClaimRules(TokenRig.CONFIG, 20,
            new Products(Map.of("fx", all, "metals", all), true), TokenRig.CLOCK));

        assertThat(products(authenticator, null)).containsExactlyInAnyOrder("fx", "metals");
        assertThat(products(authenticator, List.of())).isEmpty();
        assertThat(products(authenticator, "")).isEmpty();
        assertThat(products(authenticator, "fx")).containsExactly("fx");
    }

    @Test
    void shouldReadProductsFromAListOrAText() throws Exception {
        final JwtAuthenticator authenticator = TokenRig.trusting(RSA);

        assertThat(products(authenticator, List.of("fx", "metals"))).containsExactlyInAnyOrder("fx", "metals");
        assertThat(products(authenticator, "fx  metals ")).containsExactlyInAnyOrder("fx", "metals");
        assertThat(products(authenticator, null)).isEmpty();
        assertThat(products(authenticator, "")).isEmpty();
        assertThat(products(authenticator, List.of())).isEmpty();
    }

    @Test
    void shouldIgnoreUnknownProductsAndLogEachOnceWithABound() throws Exception {
        try (RecordedLog log = new RecordedLog(ClaimRules.class.getName())) {
            final JwtAuthenticator authenticator = TokenRig.trusting(RSA);
            for (int i = 0; i < 3; i++) {
                assertThat(products(authenticator, List.of("fx", "gold\n2026 INFO fake"))).containsExactly("fx");
            }
            assertThat(log.lines()).singleElement().asString()
                .startsWith("WARN a token names the product gold\\u000a2026 INFO fake, which");
            for (int i = 0; i < 120; i++) {
                products(authenticator, "p" + i);
            }
            assertThat(log.lines()).hasSize(100);
        }
    }

    @Test
    void shouldAcceptATokenUntilItsEndAndTheSkew() throws Exception {
        final KeySet keys = KeySet.parse(document(RSA), TokenRig.rules());
        final String token = token(RSA, JWSAlgorithm.RS256, claims());
        final long endMs = (NOW + 3_600 + SKEW) * 1_000;

        final Principal last = at(keys, endMs - 1).authenticate(token);
        assertThat(last.isExpired(endMs - 1)).isFalse();
        assertThat(last.isExpired(endMs)).isTrue();
        assertThat(catchThrowableOfType(TokenException.class, () -> at(keys, endMs).authenticate(token)).kind())
            .isEqualTo(TokenException.Kind.EXPIRED);
        assertThat(at(keys, (NOW - 60 - SKEW) * 1_000).authenticate(token).id()).isEqualTo("desk-7");
    }

    @Test
    void shouldReadAFileOfKeysAgainAndEndThePrincipalsOfKeysThatAreGone() throws Exception {
        final Path file = Files.write(folder.resolve("keys.json"), document(RSA, EC));
        final KeySetFile source = new KeySetFile(file, TokenRig.rules(), new ErrorLog(), Clock.systemUTC());
        final JwtAuthenticator authenticator = new JwtAuthenticator(source, TokenRig.claimRules());
        final List<UnaryOperator<Principal>> changes = new ArrayList<>();
        authenticator.onChanged(changes::add);
        final Principal byRsa = authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims()));
        final Principal byEc = authenticator.authenticate(token(EC, JWSAlgorithm.ES256, claims()));
        source.poll();
        Files.writeString(file, "{\"keys\":[");
        source.poll();
        assertThat(changes).as("nothing changed, then a broken file").isEmpty();
        assertThat(authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims()))).isEqualTo(byRsa);

        Files.move(Files.write(folder.resolve("next"), document(EC)), file, ATOMIC_MOVE);
        source.poll();
        assertThat(changes).singleElement().satisfies(current -> {
            assertThat(current.apply(byRsa)).isNull();
            assertThat(current.apply(byEc)).isSameAs(byEc);
        });
        assertThat(catchThrowableOfType(TokenException.class,
            () -> authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims())))).isNotNull();
    }

    @Test
    void shouldSayWhatIsWrongWithAFileOfKeys() throws Exception {
        final Path file = folder.resolve("keys.json");
        assertThat(catchThrowableOfType(ConfigException.class, () -> open(file))).hasMessageStartingWith(
            file + ": no such file; looked for " + file).hasMessageContaining("auth.jwt.jwks names a JWKS document");
        Files.writeString(file, "{}");
        assertThat(catchThrowableOfType(ConfigException.class, () -> open(file)))
            .hasMessageStartingWith(file + ": is no JWKS document, which looks like {\"keys\":[…]}");
        Files.write(file, document(SECRET));
        assertThat(open(file)).isNotNull();
    }

    @Test
    void shouldShowNoSecretInAnyText() throws Exception {
        final JwtAuthenticator authenticator = TokenRig.trusting(SECRET);
        final String token = token(SECRET, JWSAlgorithm.HS256, claims());
        final String secret = SECRET.getKeyValue().toString();

        assertThat(List.of(authenticator.toString(), authenticator.authenticate(token).toString(),
            KeySet.parse(document(SECRET), TokenRig.rules()).toString())).noneMatch(text -> text.contains(secret)
            || text.contains(token.substring(token.lastIndexOf('.') + 1)));
    }

    private static JwtAuthenticator open(final Path file) {
        final AuthConfig.Jwt jwt = TokenRig.CONFIG;
        return JwtAuthenticator.of(new AuthConfig(AuthConfig.Mode.JWT, null, 20,
            AuthConfig.OnExcess.DENY_NEW, AuthConfig.Quotas.NONE, new AuthConfig.Jwt(file.toString(),
            jwt.issuer(), jwt.audience(), jwt.rsaAlgorithm(), jwt.skewMs(), jwt.claims(), jwt.refresh()), null),
            new Products(Map.of()), new ErrorLog());
    }

    private static JwtAuthenticator at(final KeySet keys, final long nowMs) {
        return new JwtAuthenticator(new TokenRig.FixedKeys(keys), TokenRig.claimRules(nowMs));
    }

    private static Set<String> products(final JwtAuthenticator authenticator, final Object claim) throws Exception {
        return authenticator.authenticate(token(RSA, JWSAlgorithm.RS256, claims("products", claim))).products();
    }
}
