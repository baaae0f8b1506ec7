// SPDX-License-Identifier: MIT
#include "tests/minutedock/generator_text.h"

#include <array>
#include <string_view>

namespace minutedock::text {
namespace {

using namespace std::string_view_literals;

constexpr std::array first_names{"Alpha"sv, "Bravo"sv,    "Charlie"sv, "Delta"sv,       "Echo"sv, "Foxtrot"sv,
                                 "Golf"sv,  "Hotel"sv,    "India"sv,   "Juliett"sv,     "Kilo"sv, "Zo\u00eb"sv,
                                 "Mike"sv,  "\u00c5ke"sv, "Oscar"sv,   "\u5c0f\u660e"sv};
constexpr std::array last_names{"Amber"sv, "Birch"sv, "Cedar"sv,   "Dune"sv,
                                "Elm"sv,   "Fern"sv,  "O'Grove"sv, "Heather-Moss"sv};
constexpr std::array client_words{"Acacia"sv, "Basalt"sv,  "Cobalt"sv,  "Dolomite"sv, "Ember"sv,
                                  "Flint"sv,  "Granite"sv, "Harbour"sv, "Indigo"sv,   "Juniper"sv,
                                  "Kelp"sv,   "Lichen"sv,  "Marble"sv,  "Nimbus"sv};
constexpr std::array client_kinds{"Works"sv,  "& Sons"sv,  "Ltd"sv,   "Group"sv,
                                  "Studio"sv, "Trading"sv, "Foods"sv, "Partners"sv};
constexpr std::array odd_clients{"New Clients "sv,
                                 "\u65e5\u672c\u5546\u4e8b"sv,
                                 "\u0634\u0631\u0643\u0629 \u0627\u0644\u0645\u062b\u0627\u0644"sv,
                                 "\u00dcn\u00efcode GmbH"sv,
                                 "Caf\u00e9 \u2615"sv,
                                 "\"Quoted\" <b>&</b> Co"sv,
                                 " leading"sv,
                                 "a\\b/c"sv};
constexpr std::array project_words{"Website"sv,        "Mobile app"sv, "Annual audit"sv, "Support"sv,
                                   "Migration"sv,      "Branding"sv,   "Payroll"sv,      "Research"sv,
                                   "Data warehouse"sv, "Android"sv,    "iOS"sv,          "Maintenance"sv};
constexpr std::array project_phases{""sv, " phase 1"sv, " phase 2"sv, " 2023"sv, " 2024"sv, " redesign"sv};
constexpr std::array task_names{"Development"sv,   "Design"sv,  "Meeting"sv, "Unbillable"sv,
                                "Architecture "sv, "Support"sv, "Travel"sv,  "Testing"sv,
                                "Writing"sv,       "Sales"sv,   "Admin"sv,   "Review"sv};
constexpr std::array verbs{"Fix"sv,     "Review"sv, "Plan"sv,     "Write"sv, "Test"sv,
                           "Discuss"sv, "Deploy"sv, "Clean up"sv, "Sketch"sv};
constexpr std::array objects{"login page"sv, "quarterly report"sv, "import of old data"sv, "invoice layout"sv,
                             "backup"sv,     "search"sv,           "the contract"sv,       "API client"sv,
                             "stock list"sv, "tax return"sv};
constexpr std::array odd_descriptions{""sv,
                                      " "sv,
                                      "trailing spaces   "sv,
                                      "two\nlines"sv,
                                      "windows\r\nlines\r\n"sv,
                                      "tab\there"sv,
                                      "emoji \U0001F600\U0001F469\u200D\U0001F4BB"sv,
                                      "\u05e9\u05dc\u05d5\u05dd RTL \u202e txet"sv,
                                      "\u4f1a\u8bae\u7eaa\u8981"sv,
                                      "quotes \" ' ` and \\ back"sv,
                                      "</script><b>&amp;</b>"sv,
                                      "#development call"sv,
                                      "@someone #nothing"sv,
                                      "combining e\u0301 and \u00e9"sv,
                                      "zero\u200bwidth"sv,
                                      "line\u2028separator\u2029"sv,
                                      "NULL"sv,
                                      "null"sv,
                                      "0"sv,
                                      "'; DROP TABLE entries; --"sv,
                                      "\x01"
                                      "control\x1f"sv,
                                      "\u00a0nbsp\u00a0"sv,
                                      "100% \u2713 1/2 \u00bd"sv};

std::string joined(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view part : parts) all += part;
    return all;
}

}  // namespace

std::string first_name(dice& chance) { return std::string{chance.one_of(first_names)}; }

std::string last_name(dice& chance) { return std::string{chance.one_of(last_names)}; }

std::string client_name(dice& chance, bool odd) {
    if (odd && chance.percent(10)) return std::string{chance.one_of(odd_clients)};
    return joined({chance.one_of(client_words), " ", chance.one_of(client_kinds)});
}

std::string project_name(dice& chance, bool odd) {
    if (odd && chance.percent(3)) return std::string{chance.one_of(odd_clients)};
    return joined({chance.one_of(project_words), chance.one_of(project_phases)});
}

std::string task_name(std::size_t number) {
    const std::string_view base = task_names[number % task_names.size()];
    return number < task_names.size() ? std::string{base}
                                      : joined({base, " ", std::to_string(number / task_names.size() + 1)});
}

std::optional<std::string> entry_description(dice& chance, bool odd) {
    if (odd && chance.percent(4)) return std::nullopt;
    if (odd && chance.percent(8)) return std::string{chance.one_of(odd_descriptions)};
    if (odd && chance.per_mille(2))
        return std::string(static_cast<std::size_t>(chance.between(500, 5000)), 'x') + "\u00e9";
    return joined({chance.one_of(verbs), " ", chance.one_of(objects)});
}

std::string short_code(const std::string& name) {
    std::string code;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') {
            code += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            code += c;
        } else if (!code.empty() && code.back() != '_') {
            code += '_';
        }
    }
    while (!code.empty() && code.back() == '_') code.pop_back();
    return code;
}

}  // namespace minutedock::text
