package penstock.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import penstock.text.PrintableText;

/** Why TLS with a server failed, in plain words and with a remedy. The JVM's words follow in brackets. Stateless. */
public final class TlsFailure {
    private TlsFailure() {
    }

    /**
     * The cause for the operator; null if {@code failure} is not one of TLS.
     *
     * @param section of the configuration that names the files, like {@code feed.tls}
     */
    public static String explain(final Throwable failure, final String section) {
        boolean isOfTls = false;
        String words = null;
        Throwable last = failure;
        for (Throwable each = failure; each != null; each = each.getCause() == each ? null : each.getCause()) {
            isOfTls |= each instanceof SSLException;
            words = words == null ? words(each, section) : words;
            last = each;
        }
        if (!isOfTls) {
            return null;
        }
        final String original = PrintableText.excerpt(last.getMessage() == null ? last.toString() : last.getMessage());
        return words == null ? original : words + " (" + original + ")";
    }

    private static String words(final Throwable cause, final String section) {
        final String message = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException) {
            return "the server's certificate has expired";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "the server's certificate is not valid yet; check the clock of this machine";
        }
        if (cause instanceof CertPathBuilderException) {
            return "no authority that the relay trusts has signed the server's certificate; see " + section
                + ".authorities";
        }
        if (cause instanceof CertificateException
                && (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
            return "the server's certificate is for another host";
        }
        return cause instanceof SSLException ? words(message, section) : null;
    }

    /** The JVM says these by words only. */
    private static String words(final String message, final String section) {
        if (message.matches(".*fatal alert: .*(?:certificate|unknown_ca|access_denied).*")) {
            return "the server wants a certificate of the relay, or refuses the one it has; see " + section
                + ".certificate";
        }
        if (message.matches(".*fatal alert: (?:handshake_failure|protocol_version|insufficient_security).*")) {
            return "the server accepts no TLS version or cipher suite of the relay, or wants a certificate; see "
                + section + ".certificate";
        }
        if (message.matches("(?i).*(?:unrecognized SSL message|not an SSL/TLS record).*")) {
            return "the server does not speak TLS on this port";
        }
        return null;
    }
}
