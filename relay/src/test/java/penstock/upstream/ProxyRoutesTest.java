package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyRoutesTest {
    private static final String PROXY = "http://proxy.test:3128";

    @Test
    void shouldUseTheProxyOfTheConfigurationForEveryScheme() {
        final ProxyRoutes routes = ProxyRoutes.of(PROXY, Map.of("https_proxy", "http://other.test:1")::get);
        assertThat(routes.to(true, "venue.test")).hasToString(PROXY);
        assertThat(routes.to(false, "venue.test")).hasToString(PROXY);
    }

    @Test
    void shouldReadTheEnvironmentAsCurlDoes() {
        final ProxyRoutes routes = ProxyRoutes.of(null, Map.of("https_proxy", "proxy.test:1", "HTTPS_PROXY",
            "http://other.test:2", "http_proxy", "http://plain.test")::get);
        assertThat(routes.to(true, "venue.test")).hasToString("http://proxy.test:1");
        assertThat(routes.to(false, "venue.test")).hasToString("http://plain.test:80");

        final ProxyRoutes upper = ProxyRoutes.of(null, Map.of("HTTPS_PROXY", PROXY, "HTTP_PROXY", PROXY)::get);
        assertThat(upper.to(true, "venue.test")).hasToString(PROXY);
        assertThat(upper.to(false, "venue.test")).as("HTTP_PROXY").isNull();
        assertThat(ProxyRoutes.of(null, name -> "").to(true, "venue.test")).isNull();
    }

    @Test
    void shouldIgnoreTheEnvironmentWithNone() {
        assertThat(ProxyRoutes.of("none", name -> PROXY).to(true, "venue.test")).isNull();
    }

    @Test
    void shouldNeverSendLoopbackThroughAProxy() {
        for (final String host : List.of("localhost", "LocalHost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]")) {
            assertThat(ProxyRoutes.of(PROXY, name -> null).to(false, host)).as(host).isNull();
        }
        assertThat(ProxyRoutes.of(PROXY, name -> null).to(false, "128.0.0.1")).isNotNull();
    }

    @Test
    void shouldExcludeWhatNoProxyNames() {
        assertThat(isDirect("venue.test", "venue.test")).isTrue();
        assertThat(isDirect("venue.test", "ws.VENUE.test")).isTrue();
        assertThat(isDirect(".venue.test", "venue.test.")).isTrue();
        assertThat(isDirect("venue.test", "othervenue.test")).isFalse();
        assertThat(isDirect("a.test, b.test c.test", "c.test")).isTrue();
        assertThat(isDirect("*", "venue.test")).isTrue();
        assertThat(isDirect("*.venue.test", "ws.venue.test")).as("curl knows no other wildcard").isFalse();
        assertThat(isDirect("10.1.2.3", "10.1.2.3")).isTrue();
        assertThat(isDirect("10.1.2.3", "10.1.2.30")).isFalse();
        assertThat(isDirect("2.3", "10.1.2.3")).isFalse();
    }

    @Test
    void shouldExcludeBlocksOfAddresses() {
        assertThat(isDirect("10.0.0.0/8", "10.200.0.1")).isTrue();
        assertThat(isDirect("10.0.0.0/8", "11.0.0.1")).isFalse();
        assertThat(isDirect("192.168.16.0/20", "192.168.31.255")).isTrue();
        assertThat(isDirect("192.168.16.0/20", "192.168.32.0")).isFalse();
        assertThat(isDirect("0.0.0.0/0", "1.2.3.4")).isTrue();
        assertThat(isDirect("10.0.0.0/33,10.0.0.0/x", "10.0.0.0")).isFalse();
        assertThat(isDirect("fd00::/8", "[fd12:3456::1]")).isTrue();
        assertThat(isDirect("fd00::/8", "[fe80::1]")).isFalse();
        assertThat(isDirect("10.0.0.0/8", "ten.test")).isFalse();
    }

    @Test
    void shouldSendCredentialsAndShowNone() {
        final HttpProxy proxy = HttpProxy.parse("feed.proxy", "http://me:p%40ss+w%3Ard@proxy.test:3128/");
        assertThat(proxy).hasToString("http://***@proxy.test:3128");
        assertThat(new String(Base64.getDecoder().decode(proxy.authorization().substring("Basic ".length())),
            StandardCharsets.UTF_8)).isEqualTo("me:p@ss+w:rd");
    }

    @Test
    void shouldExplainAWrongAddressWithoutShowingIt() {
        for (final String wrong : List.of("https://me:s3cret@proxy.test:1", "socks5://me:s3cret@proxy.test",
            "http://me:s3cret@proxy.test:x", "http://me:s3cret@proxy.test:0", "http://me:s3cret@proxy.test:1/path",
            "http://me:s3cret@proxy.test?a", "me:s 3cret@proxy.test", "http://", "http:x://s3cret",
            "http://me:s%3@p")) {
            assertThatThrownBy(() -> ProxyRoutes.of(null, Map.of("HTTPS_PROXY", wrong)::get)).as(wrong)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("environment variable HTTPS_PROXY: ")
                .hasMessageEndingWith("; or set feed.proxy = none")
                .hasMessageContaining("http://proxy.example.com:3128").hasMessageNotContaining("3cret");
        }
        assertThatThrownBy(() -> ProxyRoutes.of("https://proxy.test", name -> null))
            .hasMessage("feed.proxy: https:// is not supported, only HTTP proxies that CONNECT; write it like "
                + "http://proxy.example.com:3128 or http://user:password@host:port");
    }

    private static boolean isDirect(final String noProxy, final String host) {
        return ProxyRoutes.of(PROXY, Map.of("NO_PROXY", noProxy)::get).to(true, host) == null;
    }
}
