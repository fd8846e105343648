package penstock.server.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A page in one piece: what its files become, and what its policy then allows. */
class WholePageTest {
    private static final Map<String, String> FILES = Map.of(
        "a.js", "// first\nexport const half = number => number / 2;\nexport function twice(x) { return 2 * x; }\n",
        "b.js", "import { half, twice } from \"./a.js\";\n\nconst imported = half(twice(1));\n",
        "a.css", "p { color: red }\n", "a.json", "{\"export \": 1}\n", "bad.json", "\"</script>\"");

    @Test
    void shouldPutTheTextOfTheFilesIntoTheirElements() throws Exception {
        final WholePage page = new WholePage("<style data-within=\"a.css\"></style>"
            + "<script type=\"application/json\" id=\"x\" data-within=\"a.json\"></script>"
            + "<script type=\"module\" data-within=\"a.js b.js\"></script><p></p>", FILES::get);

        final String style = "\np { color: red }\n";
        final String module = "\n// first\nconst half = number => number / 2;\nfunction twice(x) { return 2 * x; }\n\n"
            + "const imported = half(twice(1));\n";
        assertThat(page.text()).isEqualTo("<style>" + style + "</style>"
            + "<script type=\"application/json\" id=\"x\">\n{\"export \": 1}\n</script>"
            + "<script type=\"module\">" + module + "</script><p></p>");
        assertThat(page.styles()).isEqualTo(hash(style));
        assertThat(page.scripts()).as("data runs nothing").isEqualTo(hash(module));
    }

    @Test
    void shouldLeaveAPageThatLoadsItsFilesAsItIs() {
        final String html = "<link rel=\"stylesheet\" href=\"a.css\"><script type=\"module\" src=\"b.js\"></script>";
        final WholePage page = new WholePage(html, FILES::get);
        assertThat(page.text()).isEqualTo(html);
        assertThat(page.scripts()).isEqualTo("'self'").isEqualTo(page.styles());
    }

    @Test
    void shouldRefuseATextThatWouldEndItsElement() {
        assertThatThrownBy(() -> new WholePage("<script type=\"application/json\" data-within=\"bad.json\"></script>",
            FILES::get)).isInstanceOf(IllegalStateException.class).hasMessageContaining("bad.json would end its");
    }

    private static String hash(final String text) throws Exception {
        return "'sha256-" + Base64.getEncoder().encodeToString(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))) + "'";
    }
}
