package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import penstock.envelope.EnvelopeDecoder;
import penstock.envelope.MessageHeaderDecoder;

/** The page about binary messages has the fields of their schema. */
class LinkPageTest {
    private static final String SCHEMA = "relay/src/main/resources/penstock/pages/envelope.xml";
    private static final String PAGE = "relay/docs/link.md";
    private static final String BEGIN = "<!-- fields of envelope.xml -->\n";
    private static final String END = "<!-- end of fields -->";
    private static final Map<String, Integer> BYTES = Map.of("uint8", 1, "uint16", 2, "uint32", 4, "uint64", 8,
        "int64", 8);
    private static final String GROUP_WORD = "group";

    private final List<String> rows = new ArrayList<>(List.of("| part | at | field | type | meaning |",
        "|---|---|---|---|---|"));
    private final Map<String, Element> types = new HashMap<>();
    private int at;

    @Test
    void shouldShowTheFieldsOfTheSchema() throws Exception {
        final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        final Document schema = factory.newDocumentBuilder().parse(Pages.path(SCHEMA).toFile());
        for (final Element type : elements(schema.getElementsByTagName("types").item(0))) {
            types.put(type.getAttribute("name"), type);
        }
        for (final Element field : elements(types.get("messageHeader"))) {
            row("header", field.getAttribute("name"), field.getAttribute("primitiveType"), header(field));
        }
        fields("message", (Element) schema.getElementsByTagName("sbe:message").item(0));

        final String page = Pages.text(PAGE);
        final int begin = page.indexOf(BEGIN) + BEGIN.length();
        final String table = String.join("\n", rows) + "\n";
        if (Boolean.getBoolean("penstock.pages.write")) {
            Files.writeString(Pages.path(PAGE),
                page.substring(0, begin) + table + page.substring(page.indexOf(END)));
        } else {
            assertThat(page.substring(begin, page.indexOf(END))).as("-Dpenstock.pages.write=true writes it again")
                .isEqualTo(table);
        }
    }

    private String header(final Element field) {
        return switch (field.getAttribute("name")) {
            case "blockLength" -> "Bytes of the fields of the message: " + EnvelopeDecoder.BLOCK_LENGTH;
            case "templateId" -> "Which message: " + EnvelopeDecoder.TEMPLATE_ID;
            case "schemaId" -> "Which schema: " + MessageHeaderDecoder.SCHEMA_ID;
            default -> "Of the schema: " + MessageHeaderDecoder.SCHEMA_VERSION;
        };
    }

    private void fields(final String part, final Element owner) {
        for (final Element field : elements(owner)) {
            final String name = field.getAttribute("name");
            final String meaning = field.getAttribute("description");
            if (field.getTagName().equals(GROUP_WORD)) {
                at = 0;
                row(name, "blockLength", "uint16", "Bytes of the fields of an entry: "
                    + EnvelopeDecoder.EntriesDecoder.sbeBlockLength());
                row(name, "numInGroup", "uint16", "How many entries follow");
                at = 0;
                fields("entry", field);
            } else if (field.getTagName().equals("data")) {
                final List<Element> data = elements(types.get(field.getAttribute("type")));
                rows.add("| " + part + " | behind it | `" + name + "` | " + data.get(0).getAttribute("primitiveType")
                    + " length, then the bytes | " + meaning + " |");
            } else {
                final Element type = types.get(field.getAttribute("type"));
                final String primitive = type == null ? field.getAttribute("type") : primitive(type);
                row(part, name, primitive, meaning + values(type));
            }
        }
    }

    private void row(final String part, final String name, final String primitive, final String meaning) {
        rows.add("| " + part + " | " + at + " | `" + name + "` | " + primitive + " | " + meaning + " |");
        at += BYTES.get(primitive);
    }

    private static String primitive(final Element type) {
        return type.hasAttribute("primitiveType") ? type.getAttribute("primitiveType")
            : type.getAttribute("encodingType");
    }

    private static String values(final Element type) {
        if (type == null || type.getTagName().equals("type")) {
            return "";
        }
        final List<String> values = new ArrayList<>();
        for (final Element value : elements(type)) {
            final String number = value.getTextContent();
            values.add((type.getTagName().equals("set") ? "bit " : "") + number + " "
                + value.getAttribute("name").toLowerCase(Locale.ROOT));
        }
        return " (" + String.join(", ", values) + ")";
    }

    private static List<Element> elements(final Node parent) {
        final List<Element> elements = new ArrayList<>();
        final NodeList children = parent.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }
}
