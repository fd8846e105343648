package penstock.bench.load.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import penstock.bench.load.client.ClientSecurity;
import penstock.testkit.TestAuthority;

/**
 * What servers need that ask who comes, or that are reached by TLS, made for each run: a certificate, a key that
 * signs tokens, products. Owned by the scenario's thread; tokens are made on a swarm's.
 */
final class LoadCredentials {
    private static final String ISSUER = "load";
    private static final String AUDIENCE = "penstock";
    private static final int LIFETIME_SECONDS = 3_600;
    private static final int PRODUCTS = 10;

    private final AtomicInteger clients = new AtomicInteger();
    private final Path certificate;
    private final Path key;
    private final Path keys;
    private final ECKey signing;
    private final ClientSecurity byTls;

    /** Writes the servers' files into this folder. */
    LoadCredentials(final Path folder) throws IOException {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("certificate-key.pem");
        keys = folder.resolve("jwks.json");
        final TestAuthority authority = new TestAuthority("load");
        authority.issue("localhost", "localhost", "127.0.0.1").write(certificate, key);
        byTls = new ClientSecurity(authority.context(null), null);
        try {
            signing = new ECKeyGenerator(Curve.P_256).keyID("load").algorithm(JWSAlgorithm.ES256).generate();
        } catch (final JOSEException e) {
            throw new IllegalStateException(e);
        }
        Files.writeString(keys, new JWKSet(signing.toPublicJWK()).toString());
    }

    /** Sessions that come by TLS and trust the certificate. */
    ClientSecurity byTls() {
        return byTls;
    }

    /** Sessions of a client each, with a token of their own. */
    ClientSecurity byToken() {
        return new ClientSecurity(null, this::token);
    }

    /** The arguments of a floor with TLS. */
    String floorArguments() {
        return certificate + " " + key;
    }

    /** Settings of a relay with TLS. */
    String tls() {
        return "server.tls { certificate = \"" + certificate + "\", key = \"" + key + "\" }";
    }

    /** Settings of a relay that asks for tokens; each product has a tenth of the symbols. */
    String products() {
        final StringBuilder products = new StringBuilder();
        productNames().forEach(name -> products.append(name).append(" { channels = [quote], symbols = [\"FX*")
            .append(name.substring(1)).append("\"] }\n"));
        return "auth { mode = jwt, jwt { jwks = \"" + keys + "\", issuer = " + ISSUER + ", audience = " + AUDIENCE
            + " } }\nproducts {\n" + products + "}";
    }

    private static List<String> productNames() {
        return IntStream.range(0, PRODUCTS).mapToObj(digit -> "p" + digit).toList();
    }

    private String token() {
        final JWTClaimsSet claims = new JWTClaimsSet.Builder().issuer(ISSUER).audience(AUDIENCE)
            .subject("client-" + clients.getAndIncrement()).claim("products", productNames())
            .notBeforeTime(Date.from(Instant.now()))
            .expirationTime(Date.from(Instant.now().plusSeconds(LIFETIME_SECONDS))).build();
        final SignedJWT token = new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(signing.getKeyID()).build(), claims);
        try {
            token.sign(new ECDSASigner(signing));
        } catch (final JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
