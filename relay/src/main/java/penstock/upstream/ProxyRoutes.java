package penstock.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides which proxy leads to which host. {@code feed.proxy} counts before the environment, whose variables are read
 * as curl reads them: {@code https_proxy} or {@code HTTPS_PROXY} for wss and https, {@code http_proxy} for ws and http.
 * The hosts of {@code no_proxy} or {@code NO_PROXY} and loopback are reached directly. Immutable.
 */
public final class ProxyRoutes {
    /** Reaches every host directly. */
    public static final ProxyRoutes DIRECT = new ProxyRoutes(null, null, new NoProxy(""));

    /** The word that excludes the proxies of the environment. */
    private static final String NONE = "none";
    private static final String KEY = "feed.proxy";
    private static final String REFUSED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
    private static final Set<String> SECURE_SCHEMES = Set.of("https", "wss");

    private final HttpProxy secure;
    private final HttpProxy plain;
    private final NoProxy exceptions;

    private ProxyRoutes(final HttpProxy secure, final HttpProxy plain, final NoProxy exceptions) {
        this.secure = secure;
        this.plain = plain;
        this.exceptions = exceptions;
    }

    /**
     * Reads the configured proxy and the environment.
     *
     * @param configured  an address, {@code none}, or null = the environment decides
     * @param environment returns null for a variable that is not set
     * @throws IllegalArgumentException with the key or the variable, and a remedy
     */
    public static ProxyRoutes of(final String configured, final Function<String, String> environment) {
        if (NONE.equals(configured)) {
            return DIRECT;
        }
        final NoProxy exceptions = new NoProxy(first(environment, "no_proxy", "NO_PROXY"));
        if (configured != null) {
            final HttpProxy proxy = HttpProxy.parse(KEY, configured);
            return new ProxyRoutes(proxy, proxy, exceptions);
        }
        // curl ignores HTTP_PROXY: a web server sets it from the header "Proxy" of a request
        return new ProxyRoutes(proxy(environment, "https_proxy", "HTTPS_PROXY"), proxy(environment, "http_proxy"),
            exceptions);
    }

    /**
     * Lets the JDK's HTTP client send Basic credentials to a proxy's CONNECT: empties the list of refused schemes,
     * unless the command line sets it. The JDK reads the list with the first client of the process, and that may be a
     * plugin's: the program calls this before anything else.
     */
    public static void allowBasicCredentials() {
        System.setProperty(REFUSED_SCHEMES, System.getProperty(REFUSED_SCHEMES, ""));
    }

    /** The proxy to a host; null = connect directly. {@code isSecure}: wss or https. */
    public HttpProxy to(final boolean isSecure, final String host) {
        final HttpProxy proxy = isSecure ? secure : plain;
        return proxy == null || exceptions.contains(host) ? null : proxy;
    }

    /** The proxy to an address; null = connect directly. */
    public HttpProxy to(final URI address) {
        final String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        return to(SECURE_SCHEMES.contains(scheme), address.getHost());
    }

    /**
     * The same for a new client of the JDK. A request through a proxy with credentials needs the header {@code
     * Proxy-Authorization}.
     */
    public ProxySelector selector() {
        return new Selector();
    }

    /** Any thread of the client. */
    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(final URI address) {
            final HttpProxy proxy = to(address);
            return List.of(proxy == null ? Proxy.NO_PROXY
                : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        }

        @Override
        public void connectFailed(final URI address, final SocketAddress proxy, final IOException failure) {
            // the request fails with the same cause
        }
    }

    private static HttpProxy proxy(final Function<String, String> environment, final String... names) {
        for (final String name : names) {
            final String text = first(environment, name);
            if (!text.isEmpty()) {
                try {
                    return HttpProxy.parse("environment variable " + name, text);
                } catch (final IllegalArgumentException e) {
                    throw new IllegalArgumentException(e.getMessage() + "; or set feed.proxy = none", e);
                }
            }
        }
        return null;
    }

    private static String first(final Function<String, String> environment, final String... names) {
        for (final String name : names) {
            final String text = environment.apply(name);
            if (text != null && !text.isBlank()) {
                return text.trim();
            }
        }
        return "";
    }
}
