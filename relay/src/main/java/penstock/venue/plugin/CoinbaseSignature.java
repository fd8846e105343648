package penstock.venue.plugin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the subscription of Coinbase Exchange: HMAC-SHA256 over {@code <timestamp>GET/users/self/verify} with the
 * secret. Requires {@code key}, {@code secret} (in base64, as the venue issues it) and {@code passphrase}; supplies
 * {@code key}, {@code passphrase}, {@code timestamp} and {@code signature}. Stateless.
 */
public final class CoinbaseSignature implements VenuePlugin {
    @Override
    public String name() {
        return "coinbase-signature";
    }

    @Override
    public Map<String, String> values(final PluginCall call) throws FatalPluginException {
        final String timestamp = call.nowMs() / 1000 + "." + String.format("%03d", call.nowMs() % 1000);
        return Map.of(
            "key", call.required("key"),
            "passphrase", call.required("passphrase"),
            "timestamp", timestamp,
            "signature", sign(call.required("secret"), timestamp + "GET/users/self/verify"));
    }

    private static String sign(final String secret, final String text) throws FatalPluginException {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final IllegalArgumentException e) {
            // the cause may quote the secret
            throw new FatalPluginException("secret is not base64; enter it as the venue issues it");
        } catch (final GeneralSecurityException e) {
            throw new FatalPluginException("the JVM has no HmacSHA256", e);
        }
    }
}
