package penstock.identity.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static penstock.identity.jwt.TokenRig.EC;
import static penstock.identity.jwt.TokenRig.RSA;
import static penstock.identity.jwt.TokenRig.SECRET;
import static penstock.identity.jwt.TokenRig.document;

import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.Test;

class KeySetTest {
    private static final KeyRules FROM_ADDRESS = new KeyRules(JWSAlgorithm.PS256, false);

    @Test
    void shouldPinTheAlgorithmOfEachKey() throws Exception {
        final KeySet keys = KeySet.parse(document(RSA, EC,
            new RSAKey.Builder(RSA).keyID("named").algorithm(JWSAlgorithm.RS512).build()), FROM_ADDRESS);

        assertThat(keys.find("rsa").algorithm()).as("of the configuration").isEqualTo("PS256");
        assertThat(keys.find("named").algorithm()).as("of the key").isEqualTo("RS512");
        assertThat(keys.find("ec").algorithm()).as("of the curve").isEqualTo("ES256");
        assertThat(keys.find("x")).isNull();
        assertThat(keys.find(null)).as("several").isNull();
        assertThat(keys.skipped()).isEmpty();
    }

    @Test
    void shouldNotUseKeysThatAreUnsafe() throws Exception {
        final KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        shouldSkip("it is RSA of 1024 bits, and must have 2048 to 8192",
            new RSAKey.Builder((RSAPublicKey) weak.generateKeyPair().getPublic()).keyID("x").build());
        shouldSkip("its alg does not fit RSA", new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.HS256).build());
        shouldSkip("its alg does not fit RSA", new RSAKey.Builder(RSA).algorithm(JWEAlgorithm.RSA_OAEP_256).build());
        shouldSkip("its alg does not fit its curve", new ECKey.Builder(EC).algorithm(JWSAlgorithm.ES384).build());
        shouldSkip("its alg does not fit its curve", new ECKey.Builder(EC).algorithm(JWSAlgorithm.HS256).build());
        shouldSkip("it is a secret, and a secret belongs into a file, not to an address", SECRET);
        shouldSkip("it is no JWK of a type that is known", "{\"kty\":\"XX\",\"kid\":\"a\"}");
        shouldSkip("it is no JWK of a type that is known", "{\"kty\":\"RSA\",\"n\":\"!\"}");
        shouldSkip("its type is not RSA, EC or oct",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        shouldSkip("it is no object", "7");
    }

    @Test
    void shouldNotUseShortSecrets() throws Exception {
        for (final int bytes : new int[] {1, 16, 31}) {
            assertThat(refused(document(secret(bytes, null)), TokenRig.rules())).isEqualTo("has no key that can verify "
                + "a signature; keys[0]: it is a secret of " + bytes + " bytes, and must have 32");
        }
        assertThat(KeySet.parse(document(secret(32, null)), TokenRig.rules()).find("s").algorithm()).isEqualTo("HS256");
        assertThat(KeySet.parse(document(secret(64, JWSAlgorithm.HS512)), TokenRig.rules()).find("s").algorithm())
            .isEqualTo("HS512");
        assertThat(refused(document(secret(32, JWSAlgorithm.HS512)), TokenRig.rules()))
            .contains("it is too short for its alg");
        assertThat(refused(document(secret(32, JWSAlgorithm.RS256)), TokenRig.rules()))
            .contains("its alg does not fit a secret");
    }

    @Test
    void shouldIgnoreKeysForOtherPurposes() throws Exception {
        final RSAKey forEncryption = new RSAKey.Builder(RSA).keyID("rsa").keyUse(KeyUse.ENCRYPTION).build();
        final KeySet keys = KeySet.parse(document(forEncryption, RSA), FROM_ADDRESS);

        assertThat(keys.skipped()).isEmpty();
        assertThat(keys.find("rsa")).isNotNull();
        assertThat(refused(document(forEncryption), FROM_ADDRESS)).isEqualTo("has no key that can verify a signature");
    }

    @Test
    void shouldUseTheFirstOfTwoKeysWithTheSameName() throws Exception {
        final KeySet keys = KeySet.parse(document(RSA, new ECKeyGenerator(Curve.P_256).keyID("rsa").generate()),
            FROM_ADDRESS);

        assertThat(keys.find("rsa").algorithm()).isEqualTo("PS256");
        assertThat(keys.skipped()).containsExactly("keys[1]: an earlier key has the same kid");
    }

    @Test
    void shouldRefuseWhatIsNoDocument() {
        for (final String text : new String[] {"", "null", "[]", "{}", "{\"keys\":{}}", "7", "{\"keys\":null}"}) {
            assertThat(refused(text.getBytes(StandardCharsets.UTF_8), FROM_ADDRESS)).as(text)
                .isIn("is not JSON", "is no JWKS document, which looks like {\"keys\":[…]}");
        }
        assertThat(refused("<html>".getBytes(StandardCharsets.UTF_8), FROM_ADDRESS)).isEqualTo("is not JSON");
        assertThat(refused("{\"keys\":[]}".getBytes(StandardCharsets.UTF_8), FROM_ADDRESS))
            .isEqualTo("has no key that can verify a signature");
        assertThat(refused(("{\"keys\":[" + "7,".repeat(100) + "7]}").getBytes(StandardCharsets.UTF_8), FROM_ADDRESS))
            .isEqualTo("has more than 100 keys");
        assertThat(refused(new byte[KeySet.MAX_BYTES + 1], FROM_ADDRESS)).isEqualTo("has more than 262144 bytes");
    }

    private static OctetSequenceKey secret(final int bytes, final JWSAlgorithm algorithm) {
        return new OctetSequenceKey.Builder(new byte[bytes]).keyID("s").algorithm(algorithm).build();
    }

    private static void shouldSkip(final String reason, final JWK key) throws Exception {
        shouldSkip(reason, key.toJSONString());
    }

    /** A set with a good key too is used, and the bad one is not. */
    private static void shouldSkip(final String reason, final String key) throws Exception {
        final String text = "{\"keys\":[" + key + ","
            + new ECKey.Builder(EC).keyID("good").build().toPublicJWK().toJSONString() + "]}";
        final KeySet keys = KeySet.parse(text.getBytes(StandardCharsets.UTF_8), FROM_ADDRESS);

        assertThat(keys.skipped()).containsExactly("keys[0]: " + reason);
        assertThat(keys.find("good")).isNotNull();
        assertThat(keys).hasToString("1 keys");
    }

    private static String refused(final byte[] document, final KeyRules rules) {
        return catchThrowableOfType(UnusableKeyException.class, () -> KeySet.parse(document, rules)).getMessage();
    }
}
