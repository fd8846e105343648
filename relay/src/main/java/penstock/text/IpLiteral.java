package penstock.text;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses written as such: never a name, so nothing is looked up. Stateless. */
public final class IpLiteral {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private IpLiteral() {
    }

    /** The address that {@code text} spells, like {@code 192.0.2.1} or {@code 2001:db8::1}; null if it is none. */
    public static InetAddress parse(final String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            // the brackets say that this is no name
            return InetAddress.getByName(text.indexOf(':') < 0 ? text : '[' + text + ']');
        } catch (final UnknownHostException noAddress) {
            return null;
        }
    }
}
