package penstock.identity.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.util.Map;

/**
 * A key, and the one algorithm that it verifies. The algorithm comes from the key or from the configuration, never from
 * a token: so a public key never becomes the secret of an HMAC (RFC 8725, 3.1). Immutable, any thread.
 */
final class VerificationKey {
    private static final int MIN_RSA_BITS = 2_048;
    private static final int MAX_RSA_BITS = 8_192;
    private static final int MIN_SECRET_BITS = 256;
    private static final int CREDENTIAL_CHARS = 16;
    private static final Map<Curve, JWSAlgorithm> OF_CURVE = Map.of(Curve.P_256, JWSAlgorithm.ES256,
        Curve.P_384, JWSAlgorithm.ES384, Curve.P_521, JWSAlgorithm.ES512);

    private final String id;
    private final String credential;
    private final JWSHeader header;
    private final JWSVerifier verifier;

    private VerificationKey(final JWK jwk, final JWSAlgorithm algorithm, final JWSVerifier verifier)
            throws JOSEException {
        id = jwk.getKeyID();
        credential = algorithm.getName() + ':' + jwk.computeThumbprint().toString().substring(0, CREDENTIAL_CHARS);
        header = new JWSHeader(algorithm);
        this.verifier = verifier;
    }

    /**
     * A key of a set; null if it is for another purpose than signatures.
     *
     * @throws UnusableKeyException with the reason, if it cannot verify safely
     */
    static VerificationKey of(final JWK jwk, final KeyRules rules) throws UnusableKeyException {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)
                || jwk.getKeyOperations() != null && !jwk.getKeyOperations().contains(KeyOperation.VERIFY)) {
            return null;
        }
        try {
            if (jwk instanceof RSAKey rsa) {
                return rsa(rsa, rules);
            }
            if (jwk instanceof ECKey ec) {
                final JWSAlgorithm algorithm = OF_CURVE.get(ec.getCurve());
                demand(algorithm != null, "its curve is not P-256, P-384 or P-521");
                return new VerificationKey(ec, pinned(ec, algorithm), new ECDSAVerifier(ec.toECPublicKey()));
            }
            if (jwk instanceof OctetSequenceKey secret) {
                return secret(secret, rules);
            }
        } catch (final JOSEException e) {
            throw new UnusableKeyException("it is damaged", e);
        }
        throw new UnusableKeyException("its type is not RSA, EC or oct", null);
    }

    private static VerificationKey rsa(final RSAKey rsa, final KeyRules rules)
            throws JOSEException, UnusableKeyException {
        final int bits = rsa.toRSAPublicKey().getModulus().bitLength();
        demand(bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS, "it is RSA of " + bits + " bits, and must have "
            + MIN_RSA_BITS + " to " + MAX_RSA_BITS);
        final JWSAlgorithm algorithm = rsa.getAlgorithm() == null ? rules.rsaAlgorithm()
            : JWSAlgorithm.parse(rsa.getAlgorithm().getName());
        demand(JWSAlgorithm.Family.RSA.contains(algorithm), "its alg does not fit RSA");
        return new VerificationKey(rsa, algorithm, new RSASSAVerifier(rsa.toRSAPublicKey()));
    }

    private static VerificationKey secret(final OctetSequenceKey secret, final KeyRules rules)
            throws JOSEException, UnusableKeyException {
        demand(rules.isSecretAllowed(), "it is a secret, and a secret belongs into a file, not to an address");
        demand(secret.size() >= MIN_SECRET_BITS, "it is a secret of " + secret.size() / 8 + " bytes, and must have 32");
        final JWSAlgorithm algorithm = secret.getAlgorithm() == null ? JWSAlgorithm.HS256
            : JWSAlgorithm.parse(secret.getAlgorithm().getName());
        demand(JWSAlgorithm.Family.HMAC_SHA.contains(algorithm), "its alg does not fit a secret");
        final MACVerifier verifier = new MACVerifier(secret.toByteArray());
        demand(verifier.supportedJWSAlgorithms().contains(algorithm), "it is too short for its alg");
        return new VerificationKey(secret, algorithm, verifier);
    }

    private static JWSAlgorithm pinned(final JWK jwk, final JWSAlgorithm ofType) throws UnusableKeyException {
        demand(jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(ofType.getName()),
            "its alg does not fit its curve");
        return ofType;
    }

    private static void demand(final boolean isFine, final String reason) throws UnusableKeyException {
        if (!isFine) {
            throw new UnusableKeyException(reason, null);
        }
    }

    /** The {@code kid}; null if it has none. */
    String id() {
        return id;
    }

    /** What tokens call its algorithm. */
    String algorithm() {
        return header.getAlgorithm().getName();
    }

    /** What it is in {@link penstock.identity.Principal#credential()}. */
    String credential() {
        return credential;
    }

    /** True if this key signed the bytes. CPU: 10 µs for a secret, 0.1 ms for RSA, up to 1 ms for EC. */
    boolean verifies(final byte[] signed, final Base64URL signature) {
        try {
            return verifier.verify(header, signed, signature);
        } catch (final JOSEException e) {
            return false;
        }
    }
}
