package penstock.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A TLS context for libraries that do not check whom the certificate of a server names: its sockets do. A server
 * that is not configured, as others of a cluster give its address, must have a certificate of the first one that is.
 * Any thread.
 */
public final class NamedPeers extends SSLContext {
    /** {@code hosts}: as configured. */
    public NamedPeers(final SSLContext context, final List<String> hosts) {
        super(new Spi(context, List.copyOf(hosts)), context.getProvider(), context.getProtocol());
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext context;
        private final List<String> hosts;

        Spi(final SSLContext context, final List<String> hosts) {
            this.context = context;
            this.hosts = hosts;
        }

        @Override
        protected void engineInit(final KeyManager[] keys, final TrustManager[] trust, final SecureRandom random)
                throws KeyManagementException {
            context.init(keys, trust, random);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Sockets(context.getSocketFactory(), hosts);
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return context.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(final String host, final int port) {
            return context.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }
    }

    private static final class Sockets extends SSLSocketFactory {
        private final SSLSocketFactory sockets;
        private final List<String> hosts;

        Sockets(final SSLSocketFactory sockets, final List<String> hosts) {
            this.sockets = sockets;
            this.hosts = hosts;
        }

        private static Socket checked(final Socket socket) {
            if (socket instanceof SSLSocket secured) {
                final SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
            }
            return socket;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return sockets.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return sockets.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(final Socket socket, final String host, final int port, final boolean isClosed)
                throws IOException {
            return checked(sockets.createSocket(socket, hosts.contains(host) ? host : hosts.get(0), port, isClosed));
        }

        @Override
        public Socket createSocket(final String host, final int port) throws IOException {
            return checked(sockets.createSocket(host, port));
        }

        @Override
        public Socket createSocket(final String host, final int port, final InetAddress own, final int ownPort)
                throws IOException {
            return checked(sockets.createSocket(host, port, own, ownPort));
        }

        @Override
        public Socket createSocket(final InetAddress host, final int port) throws IOException {
            return checked(sockets.createSocket(host, port));
        }

        @Override
        public Socket createSocket(final InetAddress host, final int port, final InetAddress own, final int ownPort)
                throws IOException {
            return checked(sockets.createSocket(host, port, own, ownPort));
        }
    }
}
