package penstock.server.tls;

import io.undertow.server.HttpServerExchange;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificate that the client of a request has shown, and the authorities have vouched for. Immutable.
 *
 * @param name     the common name of its subject, else its first alternative name that is text (DNS, mail address, URI)
 * @param endsAtMs Unix time in milliseconds from which it is no longer valid
 */
public record ClientCertificate(String name, long endsAtMs) {
    /** That of a request; null if the client showed none, or one without a name. */
    public static ClientCertificate of(final HttpServerExchange exchange) {
        final SSLSession session = exchange.getConnection().getSslSession();
        if (session == null) {
            return null;
        }
        try {
            final Certificate[] chain = session.getPeerCertificates();
            final String name = chain[0] instanceof X509Certificate own ? name(own) : null;
            return name == null ? null
                : new ClientCertificate(name, ((X509Certificate) chain[0]).getNotAfter().getTime());
        } catch (final SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static String name(final X509Certificate certificate) {
        try {
            for (final Rdn each : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (each.getType().equalsIgnoreCase("CN") && each.getValue() instanceof String name) {
                    return name;
                }
            }
            final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (final List<?> each : names) {
                    if (each.get(1) instanceof String name) {
                        return name;
                    }
                }
            }
        } catch (final InvalidNameException | CertificateParsingException e) {
            return null;
        }
        return null;
    }
}
