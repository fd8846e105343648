package penstock.upstream;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.xnio.StreamConnection;
import org.xnio.ssl.JsseSslStreamConnection;
import penstock.venue.spec.UpstreamUrl;

/**
 * TLS towards the upstream. XNIO moves the bytes; the engine is configured here because XNIO's own engine never checks
 * the host name.
 */
final class UpstreamTls {
    private UpstreamTls() {
    }

    static StreamConnection wrap(final StreamConnection socket, final SSLContext context, final UpstreamUrl url) {
        return new JsseSslStreamConnection(socket, engine(context, url), false);
    }

    private static SSLEngine engine(final SSLContext context, final UpstreamUrl url) {
        final String host = url.host().startsWith("[") ? url.host().substring(1, url.host().length() - 1) : url.host();
        final SSLEngine engine = context.createSSLEngine(host, url.port());
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        // without this, any certificate of a trusted authority would pass, for any host
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!isAddress(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static boolean isAddress(final String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }
}
