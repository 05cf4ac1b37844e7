{# A figure against an official one: `similar` where the figure's own interval holds it, else
   better or worse by polarity (higher or lower where neither way is good); `unknown` where the
   figure has no interval; empty where there is nothing to compare with. #}
{% macro benchmark_verdict(polarity, value, lower_bound, upper_bound, benchmark) -%}
    case
        when {{ value }} is null or {{ benchmark }} is null then null
        when {{ lower_bound }} is null then 'unknown'
        when {{ benchmark }} between {{ lower_bound }} and {{ upper_bound }} then 'similar'
        when {{ polarity }} = 'neutral'
            then case when {{ value }} > {{ benchmark }} then 'higher' else 'lower' end
        when ({{ value }} > {{ benchmark }}) = ({{ polarity }} = 'higher') then 'better'
        else 'worse'
    end
{%- endmacro %}

{# Whether a figure is on its side of the target for certain: `certain` where its whole interval
   is, `could_be_chance` where the interval holds the target, `unknown` without an interval. #}
{% macro target_certainty(rag, polarity, target, lower_bound, upper_bound) -%}
    case
        when {{ rag }} is null then null
        when {{ lower_bound }} is null then 'unknown'
        when {{ polarity }} = 'higher' and ({{ lower_bound }} >= {{ target }} or {{ upper_bound }} < {{ target }})
            then 'certain'
        when {{ polarity }} = 'lower' and ({{ upper_bound }} <= {{ target }} or {{ lower_bound }} > {{ target }})
            then 'certain'
        else 'could_be_chance'
    end
{%- endmacro %}

{# How many cases more (or fewer, where low is good) would have met the target, the denominator
   as it is; empty where it is met or the figure has no cases of its own, as a mean. Multiplied
   out before the one division, so that a whole number of cases stays whole. #}
{% macro cases_to_target(rag, unit, polarity, numerator, denominator, value, target) -%}
    {%- set short_of -%}
        case {{ unit }}
            when 'percent' then ({{ target }} * {{ denominator }} - 100 * {{ numerator }}) / 100
            when 'rate_per_10k' then {{ target }} * {{ denominator }} - {{ numerator }}
            when 'count' then {{ target }} - {{ value }}
        end
    {%- endset -%}
    case
        when {{ rag }} is null or {{ rag }} = 'green' then null
        when {{ polarity }} = 'higher' then ceil({{ short_of }})
        when {{ polarity }} = 'lower' then ceil(-({{ short_of }}))
    end
{%- endmacro %}
