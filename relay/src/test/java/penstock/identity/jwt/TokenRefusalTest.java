package penstock.identity.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static penstock.identity.jwt.TokenRig.EC;
import static penstock.identity.jwt.TokenRig.NOW;
import static penstock.identity.jwt.TokenRig.RSA;
import static penstock.identity.jwt.TokenRig.SECRET;
import static penstock.identity.jwt.TokenRig.SKEW;
import static penstock.identity.jwt.TokenRig.STRANGER;
import static penstock.identity.jwt.TokenRig.claims;
import static penstock.identity.jwt.TokenRig.header;
import static penstock.identity.jwt.TokenRig.json;
import static penstock.identity.jwt.TokenRig.signer;
import static penstock.identity.jwt.TokenRig.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.identity.Principal;
import penstock.identity.TokenException;
import penstock.testkit.Seeds;

/** Every kind of token that must not be accepted: the client learns the same of each. */
class TokenRefusalTest {
    private static final String GOOD = token(RSA, JWSAlgorithm.RS256, claims());

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final JwtAuthenticator authenticator;
    private final Map<String, String> refused = new LinkedHashMap<>();

    TokenRefusalTest() throws Exception {
        authenticator = TokenRig.trusting(RSA, EC, SECRET);
    }

    @Test
    void shouldAcceptTheTokenThatTheOthersDifferFrom() throws Exception {
        assertThat(authenticator.authenticate(GOOD).id()).isEqualTo("desk-7");
    }

    @Test
    void shouldRefuseWhatIsNoSignedToken() {
        refuse("empty", "");
        refuse("blank", " ");
        refuse("100 KiB", "a".repeat(100 * 1_024));
        refuse("100 KiB of dots", ".".repeat(100 * 1_024));
        refuse("a right token with 8 KiB of padding", token("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"x\":\""
            + "x".repeat(8_192) + "\"}", json(claims()), signer(RSA), JWSAlgorithm.RS256));
        refuse("no dot", GOOD.replace(".", ""));
        refuse("one dot", GOOD.substring(0, GOOD.lastIndexOf('.')));
        refuse("three dots", GOOD + ".a");
        refuse("encrypted: five parts", GOOD + ".a.b");
        refuse("empty header", GOOD.substring(GOOD.indexOf('.')));
        refuse("empty payload", GOOD.replaceFirst("\\.[^.]*\\.", ".."));
        refuse("empty signature", GOOD.substring(0, GOOD.lastIndexOf('.') + 1));
        refuse("bad base64 in the header", "!" + GOOD.substring(1));
        refuse("bad base64 in the signature", GOOD + "!");
        refuse("a line break in the signature", GOOD + "\n");
        refuse("padding", GOOD + "==");
        refuse("base64 instead of base64url", GOOD.substring(0, GOOD.lastIndexOf('.') + 1) + "+/+/");
        refuse("header is no JSON", forged("{\"alg\":\"RS256\"", "{}"));
        refuse("header is null", forged("null", "{}"));
        refuse("header is a list", forged("[]", "{}"));
        refuse("header of 4,000 nested lists", forged("{\"alg\":" + "[".repeat(4_000), "{}"));
        refuse("header with the same name twice", token("{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"rsa\"}",
            json(claims()), signer(RSA), JWSAlgorithm.RS256));
        refuse("header of bytes that are no UTF-8",
            Base64URL.encode(new byte[] {(byte) 0xff, (byte) 0xfe}) + ".e30.e30");
        shouldBeRefusedAlike();
    }

    @Test
    void shouldRefuseATokenThatChoosesItsAlgorithmOrItsKey() throws Exception {
        final byte[] der = RSA.toRSAPublicKey().getEncoded();
        final byte[] pem = ("-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n").getBytes(StandardCharsets.US_ASCII);
        for (final String none : List.of("none", "None", "NONE", "nOnE", "")) {
            refuse("alg '" + none + "' without signature", forged(header(none, "rsa"), json(claims()))
                .replaceFirst("[^.]*$", ""));
            refuse("alg '" + none + "' with a signature", forged(header(none, "rsa"), json(claims())));
        }
        refuse("no alg", token("{\"kid\":\"rsa\"}", json(claims()), signer(RSA), JWSAlgorithm.RS256));
        refuse("alg is a number", token("{\"alg\":256,\"kid\":\"rsa\"}", json(claims()), signer(RSA),
            JWSAlgorithm.RS256));
        refuse("HS256 with the public key as the secret", token(header("HS256", "rsa"), json(claims()),
            new MACSigner(der), JWSAlgorithm.HS256));
        refuse("HS256 with the public key's PEM text as the secret", token(header("HS256", "rsa"), json(claims()),
            new MACSigner(pem), JWSAlgorithm.HS256));
        refuse("HS256 with the modulus as the secret", token(header("HS256", "rsa"), json(claims()),
            new MACSigner(RSA.getModulus().decode()), JWSAlgorithm.HS256));
        refuse("another algorithm of the right key", token(RSA, JWSAlgorithm.RS512, claims()));
        refuse("PSS with the right key", token(RSA, JWSAlgorithm.PS256, claims()));
        refuse("signed by another key", token(STRANGER, JWSAlgorithm.RS256, claims()));
        refuse("signed by another key of the set", token(header("RS256", "rsa"), json(claims()), signer(EC),
            JWSAlgorithm.ES256));
        refuse("the kid of another key of the set", token(header("RS256", "ec"), json(claims()), signer(RSA),
            JWSAlgorithm.RS256));
        refuse("a changed payload", GOOD.replaceFirst("\\.[^.]*\\.",
            "." + Base64URL.encode(json(claims("sub", "desk-1"))) + "."));
        refuse("a signature of zeros", token(EC, JWSAlgorithm.ES256, claims()).replaceFirst("[^.]*$",
            Base64URL.encode(new byte[64]).toString()));
        refuse("half a signature", GOOD.substring(0, GOOD.length() - 171));
        shouldBeRefusedAlike();
    }

    @Test
    void shouldRefuseATokenThatBringsItsKeyOrItsRules() {
        refuse("kid is a path", token(header("RS256", "../../x"), json(claims()), signer(RSA), JWSAlgorithm.RS256));
        refuse("kid is SQL", token(header("RS256", "rsa' OR '1'='1"), json(claims()), signer(RSA), JWSAlgorithm.RS256));
        refuse("kid is unknown", token(header("RS256", "other"), json(claims()), signer(RSA), JWSAlgorithm.RS256));
        refuse("kid is a number", token("{\"alg\":\"RS256\",\"kid\":1}", json(claims()), signer(RSA),
            JWSAlgorithm.RS256));
        refuse("no kid, and several keys", token("{\"alg\":\"RS256\"}", json(claims()), signer(RSA),
            JWSAlgorithm.RS256));
        final String own = STRANGER.toPublicJWK().toJSONString();
        for (final String more : List.of("\"jku\":\"https://evil.test/keys\"", "\"x5u\":\"https://evil.test/keys\"",
            "\"jwk\":" + own, "\"x5c\":[\"MIIB\"]", "\"crit\":[\"exp\"]", "\"crit\":[\"b64\"],\"b64\":false",
            "\"crit\":[]", "\"jku\":null", "\"typ\":\"secevent+jwt\"", "\"typ\":1")) {
            refuse("the right key, and " + more, token("{\"alg\":\"RS256\",\"kid\":\"rsa\"," + more + "}",
                json(claims()), signer(RSA), JWSAlgorithm.RS256));
            refuse("another key, and " + more, token("{\"alg\":\"RS256\",\"kid\":\"rsa\"," + more + "}",
                json(claims()), signer(STRANGER), JWSAlgorithm.RS256));
        }
        shouldBeRefusedAlike();
    }

    @Test
    void shouldRefuseWrongClaims() {
        refuse("wrong iss", claims("iss", "https://evil.test"));
        refuse("iss with a slash more", claims("iss", "https://login.test/"));
        refuse("no iss", claims("iss", null));
        refuse("iss is a list", claims("iss", List.of("https://login.test")));
        refuse("wrong aud", claims("aud", "billing"));
        refuse("no aud", claims("aud", null));
        refuse("empty aud", claims("aud", List.of()));
        refuse("aud that contains the name as a part", claims("aud", "penstock2"));
        refuse("no exp", claims("exp", null));
        refuse("exp is text", claims("exp", String.valueOf(NOW + 60)));
        refuse("exp is negative", claims("exp", -1));
        refuse("exp overflows", claims("exp", Long.MAX_VALUE));
        refuse("exp is huge", claims("exp", 1e300));
        refuse("no nbf", claims("nbf", null));
        refuse("nbf in an hour", claims("nbf", NOW + 3_600));
        refuse("nbf one second beyond the skew", claims("nbf", NOW + SKEW + 1));
        refuse("no sub", claims("sub", null));
        refuse("empty sub", claims("sub", ""));
        refuse("sub with a line break", claims("sub", "desk-7\n2026 INFO fake"));
        refuse("sub of 129 characters", claims("sub", "x".repeat(129)));
        refuse("sub is a number", claims("sub", 7));
        refuse("products is a number", claims("products", 7));
        refuse("products with a number", claims("products", List.of("fx", 7)));
        refuse("sessions is text", claims("sessions", "3"));
        refuse("sessions is negative", claims("sessions", -1));
        refuse("sessions is a fraction", claims("sessions", 1.5));
        refuse("claims are no object", token(header("RS256", "rsa"), "[]", signer(RSA), JWSAlgorithm.RS256));
        refuse("claims are null", token(header("RS256", "rsa"), "null", signer(RSA), JWSAlgorithm.RS256));
        refuse("claims are no JSON", token(header("RS256", "rsa"), "exp", signer(RSA), JWSAlgorithm.RS256));
        refuse("a claim twice", token(header("RS256", "rsa"), json(claims()).replace("{\"iss\"",
            "{\"exp\":9999999999,\"iss\""), signer(RSA), JWSAlgorithm.RS256));
        shouldBeRefusedAlike();
    }

    @Test
    void shouldCallATokenExpiredOnlyIfAllElseIsRight() {
        final Map<String, Object> expired = claims("exp", NOW - SKEW - 1);

        assertThat(refusal(token(RSA, JWSAlgorithm.RS256, expired)).kind()).isEqualTo(TokenException.Kind.EXPIRED);
        assertThat(refusal(token(STRANGER, JWSAlgorithm.RS256, expired)).kind()).isEqualTo(TokenException.Kind.INVALID);
        expired.put("aud", "billing");
        assertThat(refusal(token(RSA, JWSAlgorithm.RS256, expired)).kind()).isEqualTo(TokenException.Kind.INVALID);
    }

    @Test
    void shouldRefuseEveryDamagedToken() throws Exception {
        final Principal principal = authenticator.authenticate(GOOD);
        for (final long seed : seeds.rounds(500)) {
            final Random random = Seeds.random(seed);
            final StringBuilder damaged = new StringBuilder(GOOD);
            final int at = random.nextInt(damaged.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, (char) (damaged.charAt(at) ^ 1 << random.nextInt(7)));
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.insert(at, (char) random.nextInt(128));
            }
            if (!damaged.toString().equals(GOOD)) {
                assertThat(refusal(damaged.toString()).kind()).isEqualTo(TokenException.Kind.INVALID);
            }
        }
        assertThat(authenticator.authenticate(GOOD)).isEqualTo(principal);
    }

    private static String forged(final String header, final String payload) {
        return Base64URL.encode(header) + "." + Base64URL.encode(payload) + "." + Base64URL.encode("signature");
    }

    private void refuse(final String kind, final Map<String, Object> claims) {
        refuse(kind, token(RSA, JWSAlgorithm.RS256, claims));
    }

    private void refuse(final String kind, final String token) {
        refused.put(kind, token);
    }

    /** The same kind, and reasons that hold no part of a token. */
    private void shouldBeRefusedAlike() {
        refused.forEach((kind, token) -> {
            final TokenException refusal = refusal(token);
            assertThat(refusal.kind()).as(kind).isEqualTo(TokenException.Kind.INVALID);
            assertThat(refusal).as(kind).hasNoCause();
            assertThat(refusal.getStackTrace()).as(kind).isEmpty();
            assertThat(refusal.toString()).as(kind).doesNotContain("evil", "desk", "fake", "../", "OR '1'");
            for (int i = 0; i + 12 <= Math.min(token.length(), 2_000) && !token.startsWith("a"); i++) {
                assertThat(refusal.toString().contains(token.substring(i, i + 12))).as(kind).isFalse();
            }
        });
    }

    private TokenException refusal(final String token) {
        final TokenException refusal =
            catchThrowableOfType(TokenException.class, () -> authenticator.authenticate(token));
        assertThat(refusal).as("accepted: " + token).isNotNull();
        return refusal;
    }
}
