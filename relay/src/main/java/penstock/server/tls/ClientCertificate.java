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

/** The certificate that the client of a request has shown, and the authorities have vouched for. Stateless. */
public final class ClientCertificate {
    private ClientCertificate() {
    }

    /**
     * The name of the client: the common name of its certificate's subject, else its first alternative name that is
     * text (DNS, mail address, URI); null if the client showed no certificate, or one without a name.
     */
    public static String nameOf(final HttpServerExchange exchange) {
        final SSLSession session = exchange.getConnection().getSslSession();
        if (session == null) {
            return null;
        }
        try {
            final Certificate[] chain = session.getPeerCertificates();
            return chain[0] instanceof X509Certificate own ? name(own) : null;
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
