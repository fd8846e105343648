package penstock.identity.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import penstock.config.relay.AuthConfig;

/**
 * What a key may do that does not say it itself. Immutable.
 *
 * @param rsaAlgorithm    the algorithm of RSA keys without {@code alg}
 * @param isSecretAllowed whether keys of HMAC are used: they must not come from an address, where others may read them
 */
record KeyRules(JWSAlgorithm rsaAlgorithm, boolean isSecretAllowed) {
    static KeyRules of(final AuthConfig.RsaAlgorithm algorithm, final boolean isSecretAllowed) {
        return new KeyRules(JWSAlgorithm.parse(algorithm.name()), isSecretAllowed);
    }
}
