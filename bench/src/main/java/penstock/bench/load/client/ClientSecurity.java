package penstock.bench.load.client;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * How sessions reach a server that does not let everyone in.
 *
 * @param tls    whom they trust; null = they come without TLS
 * @param tokens the token of one more session, or null: they show none
 */
public record ClientSecurity(SSLContext tls, Supplier<String> tokens) {
    /** For a server that is open to everyone. */
    public static final ClientSecurity NONE = new ClientSecurity(null, null);

    /** A header line with the token of one more session; empty if they show none. */
    String authorization() {
        return tokens == null ? "" : "Authorization: Bearer " + tokens.get() + "\r\n";
    }
}
