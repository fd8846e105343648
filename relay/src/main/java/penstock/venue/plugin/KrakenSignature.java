package penstock.venue.plugin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a private request of Kraken: HMAC-SHA512 with the secret over the path and the SHA-256 of nonce and body.
 * Requires {@code secret} (in base64, as the venue issues it); {@code path} is that of the request for a WebSocket
 * token unless it is given, and {@code form} is what follows the nonce in the body. Supplies {@code body} and {@code
 * signature}. Stateless.
 */
public final class KrakenSignature implements VenuePlugin {
    private static final String TOKEN_PATH = "/0/private/GetWebSocketsToken";

    @Override
    public String name() {
        return "kraken-signature";
    }

    @Override
    public Map<String, String> values(final PluginCall call) throws FatalPluginException {
        final String nonce = Long.toString(call.nowMs());
        final String form = call.with().getOrDefault("form", "");
        final String body = "nonce=" + nonce + (form.isEmpty() ? "" : "&" + form);
        final String path = call.with().getOrDefault("path", TOKEN_PATH);
        return Map.of("body", body, "signature", sign(call.required("secret"), path, nonce + body));
    }

    private static String sign(final String secret, final String path, final String text) throws FatalPluginException {
        try {
            final Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA512"));
            mac.update(path.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(
                mac.doFinal(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))));
        } catch (final IllegalArgumentException e) {
            // the cause may quote the secret
            throw new FatalPluginException("secret is not base64; enter it as the venue issues it");
        } catch (final GeneralSecurityException e) {
            throw new FatalPluginException("the JVM has no HmacSHA512", e);
        }
    }
}
