package penstock.identity.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.relay.AuthConfig;
import penstock.identity.Products;

/** An identity provider: its keys, tokens that it signs, and an authenticator that trusts it, at a fixed time. */
final class TokenRig {
    static final long NOW = 1_800_000_000;
    static final int SKEW = 30;
    static final RSAKey RSA = generated(() -> new RSAKeyGenerator(2048).keyID("rsa").generate());
    static final RSAKey STRANGER = generated(() -> new RSAKeyGenerator(2048).keyID("rsa").generate());
    static final ECKey EC = generated(() -> new ECKeyGenerator(Curve.P_256).keyID("ec").generate());
    static final OctetSequenceKey SECRET =
        generated(() -> new OctetSequenceKeyGenerator(256).keyID("secret").generate());

    static final AuthConfig.Jwt CONFIG = new AuthConfig.Jwt("keys.json", "https://login.test", "penstock",
        AuthConfig.RsaAlgorithm.RS256, SKEW * 1_000, new AuthConfig.Claims("products", "sessions", "display", "quotas",
        "role"),
        new AuthConfig.Refresh(600_000, 30_000, 3_600_000));

    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    static final Products PRODUCTS = new Products(Map.of("fx", product(), "metals", product()));

    /** Makes a key. */
    interface Maker<K> {
        K make() throws JOSEException;
    }

    private TokenRig() {
    }

    private static AuthConfig.Product product() {
        return new AuthConfig.Product(List.of(), List.of("*"));
    }

    private static <K> K generated(final Maker<K> maker) {
        try {
            return maker.make();
        } catch (final JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of a token that is right. */
    static Map<String, Object> claims() {
        final Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://login.test");
        claims.put("aud", "penstock");
        claims.put("sub", "desk-7");
        claims.put("nbf", NOW - 60);
        claims.put("exp", NOW + 3_600);
        claims.put("products", List.of("fx"));
        return claims;
    }

    /** The right claims but for one; null removes it. */
    static Map<String, Object> claims(final String name, final Object value) {
        final Map<String, Object> claims = claims();
        if (value == null) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return claims;
    }

    static String token(final JWK key, final JWSAlgorithm algorithm, final Map<String, Object> claims) {
        return token(header(algorithm.getName(), key.getKeyID()), json(claims), signer(key), algorithm);
    }

    static String header(final String algorithm, final String kid) {
        return "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}";
    }

    /** A token with any header and payload, signed with an algorithm that need not be that of the header. */
    static String token(final String header, final String payload, final JWSSigner signer,
            final JWSAlgorithm algorithm) {
        final String signed = Base64URL.encode(header) + "." + Base64URL.encode(payload);
        return signed + "." + generated(() -> signer.sign(new JWSHeader(algorithm),
            signed.getBytes(StandardCharsets.US_ASCII)));
    }

    static JWSSigner signer(final JWK key) {
        return generated(() -> key instanceof RSAKey rsa ? new RSASSASigner(rsa)
            : key instanceof ECKey ec ? new ECDSASigner(ec) : new MACSigner(key.toOctetSequenceKey()));
    }

    static String json(final Map<String, Object> claims) {
        return com.nimbusds.jose.util.JSONObjectUtils.toJSONString(claims);
    }

    /** A document of these keys: public parts, and secrets. */
    static byte[] document(final JWK... keys) {
        return new JWKSet(List.of(keys)).toString(false).getBytes(StandardCharsets.UTF_8);
    }

    /** An authenticator that trusts a fixed set of keys, which may hold secrets. */
    static JwtAuthenticator trusting(final JWK... keys) throws UnusableKeyException {
        return new JwtAuthenticator(new FixedKeys(KeySet.parse(document(keys), rules())), claimRules());
    }

    static KeyRules rules() {
        return new KeyRules(JWSAlgorithm.RS256, true);
    }

    static ClaimRules claimRules() {
        return claimRules(NOW * 1_000);
    }

    static ClaimRules claimRules(final long nowMs) {
        return new ClaimRules(CONFIG, 20, PRODUCTS,
            Clock.fixed(Instant.ofEpochMilli(nowMs), ZoneOffset.UTC));
    }

    /** Keys that never change. */
    record FixedKeys(KeySet keys) implements KeySource {
        @Override
        public void onUnknownKey() {
        }

        @Override
        public void onChanged(final Runnable listener) {
        }

        @Override
        public void start() {
        }

        @Override
        public void close() {
        }
    }
}
