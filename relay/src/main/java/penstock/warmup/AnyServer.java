package penstock.warmup;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts any server: the warm-up connects to one of its own on loopback, whose certificate has another name. It sends
 * nothing that is secret. Stateless.
 */
final class AnyServer extends X509ExtendedTrustManager {
    private AnyServer() {
    }

    /** Sockets of TLS to any server. */
    static SocketFactory sockets() {
        try {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyServer()}, null);
            return context.getSocketFactory();
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("the Java machine has no TLS", e);
        }
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String type, final Socket socket) {
        // it is ours
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String type, final SSLEngine engine) {
        // it is ours
    }

    @Override
    public void checkServerTrusted(final X509Certificate[] chain, final String type) {
        // it is ours
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String type, final Socket socket) {
        throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String type, final SSLEngine engine) {
        throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public void checkClientTrusted(final X509Certificate[] chain, final String type) {
        throw new UnsupportedOperationException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
