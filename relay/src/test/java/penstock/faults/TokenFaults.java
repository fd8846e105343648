package penstock.faults;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tokens that a relay must not accept: how long it takes to say so. One thread. */
final class TokenFaults {
    private static final String ISSUER = "https://login.test";
    private static final double REFUSED_MS = 50;
    private static final double SERVED_MS = 1_000;
    private static final int NOT_COUNTED = 50;

    private final RSAKey key;
    private final RSAKey stranger;

    private TokenFaults() throws JOSEException {
        key = new RSAKeyGenerator(2_048).keyID("rsa").generate();
        stranger = new RSAKeyGenerator(2_048).keyID("rsa").generate();
    }

    /** Each malformed or hostile token in turn, and a good one after each. */
    static void hostile(final FaultOptions options, final Figures figures) throws Exception {
        final TokenFaults tokens = new TokenFaults();
        final Path keys = Files.writeString(Files.createTempFile("penstock-faults", ".json"),
            new JWKSet(tokens.key.toPublicJWK()).toString());
        try (FaultRun run = new FaultRun(options, "auth.mode=jwt", "auth.jwt.jwks=" + keys,
            "auth.jwt.issuer=" + ISSUER, "auth.jwt.audience=penstock", "products.all.symbols=[\"*\"]",
            "limits.work-per-second=0")) {
            FaultRun.awaitOrFail("data", 10_000, () -> run.relay.metric("penstock_feed_live") == 1);
            tokens.measure(run.relay.port, options.count(20), figures);
            figures.atMost("distinct errors", run.relay.metric("penstock_errors_distinct"), 0, "");
        } finally {
            Files.delete(keys);
        }
    }

    private void measure(final int port, final int rounds, final Figures figures) throws Exception {
        final Map<String, String> all = all();
        for (int i = 0; i < NOT_COUNTED; i++) {
            ask(port, signed(header("RS256"), claims(), stranger));
            ask(port, good(i));
        }
        final Set<String> answers = new LinkedHashSet<>();
        double slowest = 0;
        double good = 0;
        for (final Map.Entry<String, String> each : all.entrySet()) {
            final double[] ms = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                final long beganNs = System.nanoTime();
                answers.add(ask(port, each.getValue()));
                ms[i] = (System.nanoTime() - beganNs) / 1e6;
                good = Math.max(good, msOfGood(port, i));
            }
            Arrays.sort(ms);
            figures.note("median of " + rounds + ": " + each.getKey(), ms[rounds / 2], "ms");
            slowest = Math.max(slowest, ms[rounds - 1]);
        }
        figures.note("kinds of tokens", all.size(), "");
        figures.holds("each is answered 401, with the same body", answers.size() == 1
            && answers.iterator().next().startsWith("401 {\"type\":\"error\",\"status\":401,\"code\":\"token_invalid\""));
        figures.atMost("slowest answer", slowest, REFUSED_MS, "ms");
        figures.atMost("slowest answer to a good token, one after each", good, SERVED_MS, "ms");
    }

    /** A token that was not seen before: its signature is verified. */
    private double msOfGood(final int port, final int i) throws Exception {
        final String token = good(NOT_COUNTED + i);
        final long beganNs = System.nanoTime();
        final String answer = ask(port, token);
        if (!answer.startsWith("200 ")) {
            throw new IllegalStateException("a good token: " + answer);
        }
        return (System.nanoTime() - beganNs) / 1e6;
    }

    /** Status and body. */
    private static String ask(final int port, final String token) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) (10 * SERVED_MS));
            socket.getOutputStream().write(("GET /v1/symbols HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Authorization: Bearer " + token + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            final String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf(' ') + 1, answer.indexOf(' ') + 4) + ' '
                + answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private Map<String, String> all() throws JOSEException {
        final String good = good(0);
        final String head = good.substring(0, good.lastIndexOf('.') + 1);
        final String payload = Base64URL.encode(JSONObjectUtils.toJSONString(claims())).toString();
        final Map<String, String> all = new LinkedHashMap<>();
        all.put("alg none", Base64URL.encode("{\"alg\":\"none\"}") + "." + payload + ".");
        all.put("alg none, signed", signed("{\"alg\":\"none\",\"kid\":\"rsa\"}", claims(), key));
        all.put("HS256 with the public key as the secret", signed(header("HS256"), claims(),
            new MACSigner(key.toRSAPublicKey().getEncoded()), JWSAlgorithm.HS256));
        all.put("another algorithm of the key", signed(header("PS256"), claims(), new RSASSASigner(key),
            JWSAlgorithm.PS256));
        all.put("signed by another key", signed(header("RS256"), claims(), stranger));
        for (final String more : List.of("\"kid\":\"../../x\"", "\"kid\":\"rsa' OR '1'='1\"",
            "\"kid\":\"rsa\",\"jku\":\"https://evil.test/k\"", "\"kid\":\"rsa\",\"x5u\":\"https://evil.test/k\"",
            "\"kid\":\"rsa\",\"jwk\":" + stranger.toPublicJWK().toJSONString(), "\"kid\":\"rsa\",\"crit\":[\"exp\"]")) {
            all.put("{" + more.substring(0, Math.min(30, more.length())) + "…}",
                signed("{\"alg\":\"RS256\"," + more + "}", claims(), key));
        }
        final long now = Instant.now().getEpochSecond();
        final Map<String, Object> wrong = new LinkedHashMap<>(Map.of("aud", "billing", "iss", "https://evil.test"));
        wrong.put("nbf", now + 3_600);
        wrong.put("exp", "soon");
        for (final Map.Entry<String, Object> each : wrong.entrySet()) {
            final Map<String, Object> changed = claims();
            changed.put(each.getKey(), each.getValue());
            all.put("wrong " + each.getKey(), signed(header("RS256"), changed, key));
        }
        all.put("three dots", good + ".a");
        all.put("one dot", head.substring(0, head.length() - 1));
        all.put("bad base64", good + "!");
        all.put("a signature of zeros", head + Base64URL.encode(new byte[256]));
        all.put("a header of 2,000 nested lists", Base64URL.encode("{\"alg\":" + "[".repeat(2_000)) + "." + payload
            + ".a");
        all.put("8 KiB of one letter", "a".repeat(8 << 10));
        return all;
    }

    private String good(final int serial) throws JOSEException {
        final Map<String, Object> claims = claims();
        claims.put("jti", serial + "-" + System.nanoTime());
        return signed(header("RS256"), claims, key);
    }

    private static Map<String, Object> claims() {
        final long now = Instant.now().getEpochSecond();
        return new LinkedHashMap<>(Map.of("iss", ISSUER, "aud", "penstock", "sub", "desk-7", "nbf", now - 60, "exp",
            now + 3_600, "products", List.of("all")));
    }

    private static String header(final String algorithm) {
        return "{\"alg\":\"" + algorithm + "\",\"kid\":\"rsa\"}";
    }

    private static String signed(final String header, final Map<String, Object> claims, final RSAKey by)
            throws JOSEException {
        return signed(header, claims, new RSASSASigner(by), JWSAlgorithm.RS256);
    }

    private static String signed(final String header, final Map<String, Object> claims, final JWSSigner signer,
            final JWSAlgorithm algorithm) throws JOSEException {
        final String body = Base64URL.encode(header) + "." + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
        return body + "." + signer.sign(new JWSHeader(algorithm), body.getBytes(StandardCharsets.US_ASCII));
    }
}
