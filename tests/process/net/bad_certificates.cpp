// SPDX-License-Identifier: MIT
#include "tests/process/net/bad_certificates.h"

#include <ostream>

#include "tests/process/net/client.h"

namespace net_test {
namespace {

using certificates::identity;
using certificates::issue;
using certificates::key_kind;
using certificates::wish;
using extensions = std::vector<std::pair<std::string, std::string>>;

const std::string name_mismatch = "ostname mismatch";
const std::string address_mismatch = "IP address mismatch";

wish leaf_wish(const std::string& names = "DNS:localhost,IP:127.0.0.1") {
    wish leaf;
    leaf.extensions = {{"basicConstraints", "critical,CA:FALSE"},
                       {"keyUsage", "critical,digitalSignature"},
                       {"extendedKeyUsage", "serverAuth"}};
    if (!names.empty()) leaf.extensions.emplace_back("subjectAltName", names);
    return leaf;
}

wish ca_wish(const std::string& name) {
    wish ca;
    ca.common_name = name;
    ca.extensions = {{"basicConstraints", "critical,CA:TRUE"},
                     {"keyUsage", "critical,keyCertSign"},
                     {"subjectKeyIdentifier", "hash"}};
    return ca;
}

wish with(wish what, const std::string& name, const std::string& value) {
    for (auto& [known, text] : what.extensions) {
        if (known != name) continue;
        text = value;
        return what;
    }
    what.extensions.emplace_back(name, value);
    return what;
}

wish without(wish what, const std::string& name) {
    std::erase_if(what.extensions, [&](const auto& extension) { return extension.first == name; });
    return what;
}

// `what`, signed by the trusted root.
std::function<identity()> from_root(wish what) {
    return [what] { return issue(what, &root()); };
}

std::function<identity()> named(const std::string& names) { return from_root(leaf_wish(names)); }

// A good leaf below `middle`, which the trusted root signed and the server sends along.
std::function<identity()> below(wish middle) {
    return [middle] {
        const identity above = issue(middle, &root());
        identity leaf = issue(leaf_wish(), &above);
        leaf.chain = {above.certificate};
        return leaf;
    };
}

wish dated(wish what, int from, int to) {
    what.valid_from_days = from;
    what.valid_to_days = to;
    return what;
}

wish keyed(wish what, key_kind kind) {
    what.key = kind;
    return what;
}

wish digested(wish what, const char* digest) {
    what.digest = digest;
    return what;
}

wish called(wish what, const std::string& common_name) {
    what.common_name = common_name;
    return what;
}

identity from_stranger(bool sends_root) {
    const identity stranger = certificates::make_root("another root");
    identity leaf = issue(leaf_wish(), &stranger);
    if (sends_root) leaf.chain = {stranger.certificate};
    return leaf;
}

// Has the trusted root's name and another key.
identity from_impostor() {
    const identity impostor = certificates::make_root("test root");
    return issue(leaf_wish(), &impostor);
}

identity without_the_intermediate() {
    identity leaf = below(ca_wish("middle"))();
    leaf.chain.clear();
    return leaf;
}

identity below_too_many() {
    const identity first = issue(with(ca_wish("first"), "basicConstraints", "critical,CA:TRUE,pathlen:0"), &root());
    const identity second = issue(ca_wish("second"), &first);
    identity leaf = issue(leaf_wish(), &second);
    leaf.chain = {second.certificate, first.certificate};
    return leaf;
}

// There is no MD5 signature with the root's kind of key.
identity signed_with_md5() {
    const identity above = issue(keyed(ca_wish("middle"), key_kind::rsa_2048), &root());
    identity leaf = issue(digested(leaf_wish(), "MD5"), &above);
    leaf.chain = {above.certificate};
    return leaf;
}

identity with_nul_in_its_name() {
    wish leaf = leaf_wish("");
    leaf.raw_dns_name = std::string("localhost\0.evil.example", 23);
    return issue(leaf, &root());
}

void add_names(std::vector<certificate_case>& all) {
    const wish nameless = leaf_wish("");
    all.insert(all.end(), {
        {"X01_AnotherHost", named("DNS:example.com"), "localhost", name_mismatch},
        {"X01_AHostThatBeginsAlike", named("DNS:localhost.example.com"), "localhost", name_mismatch},
        {"X01_AHostThatEndsAlike", named("DNS:notlocalhost"), "localhost", name_mismatch},
        {"X02_WildcardOneLevelTooHigh", named("DNS:*.example.test"), "a.b.example.test", name_mismatch},
        {"X02_WildcardForItsOwnParent", named("DNS:*.example.test"), "example.test", name_mismatch},
        {"X02_WildcardUnderATopLevel", named("DNS:*.test"), "example.test", name_mismatch},
        {"X02_WildcardAlone", named("DNS:*"), "localhost", name_mismatch},
        {"X02_WildcardInsideALabel", named("DNS:lo*.example.test"), "local.example.test", name_mismatch},
        {"X02_WildcardNotLeftmost", named("DNS:a.*.example.test"), "a.b.example.test", name_mismatch},
        {"X02_CommonNameOnly", from_root(called(nameless, "localhost")), "localhost", name_mismatch},
        {"X02_CommonNameBesideAnotherName", from_root(called(leaf_wish("DNS:example.com"), "localhost")), "localhost",
         name_mismatch},
        {"X02_NoNameAtAll", from_root(nameless), "localhost", name_mismatch},
        {"X02_NulInName", with_nul_in_its_name, "localhost", name_mismatch},
        {"X02_EmailNameOnly", named("email:localhost@localhost.example"), "localhost", name_mismatch},
        {"X02_UriNameOnly", named("URI:https://localhost/"), "localhost", name_mismatch},
        {"X02_AddressOnlyForAName", named("IP:127.0.0.1"), "localhost", name_mismatch},
        {"X02_NameOnlyForAnAddress", named("DNS:localhost"), "127.0.0.1", address_mismatch},
        {"X02_AddressWrittenAsAName", named("DNS:127.0.0.1"), "127.0.0.1", address_mismatch},
        {"X02_AddressAsCommonName", from_root(called(nameless, "127.0.0.1")), "127.0.0.1", address_mismatch},
        {"X02_AnotherAddress", named("IP:127.0.0.2"), "127.0.0.1", address_mismatch},
        {"X02_AnotherFamilyOfAddress", named("IP:::1"), "127.0.0.1", address_mismatch},
    });
}

void add_times_and_issuers(std::vector<certificate_case>& all) {
    const wish plain_ca = ca_wish("middle");
    all.insert(all.end(), {
        {"X02_Expired", from_root(dated(leaf_wish(), -30, -1)), "localhost", "certificate has expired"},
        {"X02_NotYetValid", from_root(dated(leaf_wish(), 2, 30)), "localhost", "certificate is not yet valid"},
        {"X02_ExpiredIntermediate", below(dated(plain_ca, -30, -1)), "localhost", "certificate has expired (in"},
        {"X02_FutureIntermediate", below(dated(plain_ca, 2, 30)), "localhost", "not yet valid (in"},
        {"X02_SelfSigned", [] { return issue(leaf_wish(), nullptr); }, "localhost", "self-signed certificate."},
        {"X02_UnknownRoot", [] { return from_stranger(false); }, "localhost", "unable to get local issuer"},
        {"X02_UnknownRootSentAlong", [] { return from_stranger(true); }, "localhost",
         "self-signed certificate in certificate chain"},
        {"X02_KnownRootsNameOtherKey", from_impostor, "localhost", "certificate signature failure"},
        {"X02_MissingIntermediate", without_the_intermediate, "localhost", "unable to get local issuer"},
        {"X02_IssuerIsNoCa", below(with(plain_ca, "basicConstraints", "critical,CA:FALSE")), "localhost",
         "invalid CA certificate"},
        {"X02_IssuerWithoutConstraints", below(without(without(plain_ca, "basicConstraints"), "keyUsage")), "localhost",
         "invalid CA certificate"},
        {"X02_IssuerMayNotSign", below(with(plain_ca, "keyUsage", "critical,digitalSignature")), "localhost",
         "invalid CA certificate"},
        {"X02_PathTooLong", below_too_many, "localhost", "path length constraint exceeded"},
    });
}

void add_uses_and_strengths(std::vector<certificate_case>& all) {
    const wish plain_ca = ca_wish("middle");
    all.insert(all.end(), {
        {"X02_ForClientsOnly", from_root(with(leaf_wish(), "extendedKeyUsage", "clientAuth")), "localhost", "purpose"},
        {"X02_ForSigningCode", from_root(with(leaf_wish(), "extendedKeyUsage", "codeSigning")), "localhost", "purpose"},
        {"X02_KeyForListsOnly", from_root(with(leaf_wish(), "keyUsage", "critical,cRLSign")), "localhost", "purpose"},
        {"X02_IssuerForClientsOnly", below(with(plain_ca, "extendedKeyUsage", "clientAuth")), "localhost",
         "purpose (in a certificate above it)"},
        {"X02_NameOutsideThePermitted", below(with(plain_ca, "nameConstraints", "critical,permitted;DNS:example.com")),
         "localhost", "permitted subtree violation"},
        {"X02_NameExcluded", below(with(plain_ca, "nameConstraints", "critical,excluded;DNS:localhost")), "localhost",
         "excluded subtree violation"},
        {"X02_AddressExcluded",
         below(with(plain_ca, "nameConstraints", "critical,excluded;IP:127.0.0.0/255.0.0.0")), "127.0.0.1",
         "excluded subtree violation"},
        {"X02_UnknownCriticalExtension", from_root(with(leaf_wish(), "1.2.3.4.5.6", "critical,ASN1:UTF8String:x")),
         "localhost", "unhandled critical extension"},
        {"X02_Sha1", from_root(digested(leaf_wish(), "SHA1")), "localhost", "CA signature digest algorithm too weak"},
        {"X02_Md5", signed_with_md5, "localhost", "CA signature digest algorithm too weak"},
        {"X02_Sha1Intermediate", below(digested(plain_ca, "SHA1")), "localhost",
         "CA signature digest algorithm too weak"},
        {"X02_Rsa1024", from_root(keyed(leaf_wish(), key_kind::rsa_1024)), "localhost", "EE certificate key too weak"},
        {"X02_Rsa1024Intermediate", below(keyed(plain_ca, key_kind::rsa_1024)), "localhost",
         "CA certificate key too weak"},
    });
}

}  // namespace

void PrintTo(const certificate_case& which, std::ostream* out) { *out << which.name; }

std::vector<certificate_case> bad_certificates() {
    std::vector<certificate_case> all;
    add_names(all);
    add_times_and_issuers(all);
    add_uses_and_strengths(all);
    return all;
}

std::vector<certificate_case> good_certificates() {
    const wish strict_ca = with(with(ca_wish("middle"), "basicConstraints", "critical,CA:TRUE,pathlen:0"),
                                "nameConstraints", "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255");
    return {
        {"X02_Name", named("DNS:localhost"), "localhost", ""},
        {"X02_NameInCapitals", named("DNS:LocalHost"), "localhost", ""},
        {"X02_NameAmongOthers", named("DNS:example.com,DNS:localhost,IP:10.0.0.1"), "localhost", ""},
        {"X02_Address", named("IP:127.0.0.1"), "127.0.0.1", ""},
        {"X02_Wildcard", named("DNS:*.example.test"), "a.example.test", ""},
        {"X02_Intermediate", below(ca_wish("middle")), "localhost", ""},
        {"X02_ConstrainedIntermediate", below(strict_ca), "localhost", ""},
        {"X02_Rsa2048", from_root(keyed(leaf_wish(), key_kind::rsa_2048)), "localhost", ""},
        {"X02_WithoutKeyUsages", from_root(without(without(leaf_wish(), "keyUsage"), "extendedKeyUsage")), "localhost", ""},
    };
}

}  // namespace net_test
